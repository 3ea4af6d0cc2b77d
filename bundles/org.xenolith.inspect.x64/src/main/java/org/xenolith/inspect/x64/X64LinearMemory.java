// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.x64.arch.GuestMapping;
import org.xenolith.x64.arch.TableRead;
import org.xenolith.x64.arch.TranslationView;

/** Linear addresses as code of CPL 3, or of less, has them: by paging, and what is below that. */
final class X64LinearMemory implements InspectedMemory {
  private final TranslationView view;
  private final boolean user;
  private final InspectedMemory physical;
  private final InspectedMemory guest;

  /** @param guest what is below while there are nested page tables */
  X64LinearMemory(TranslationView view, boolean user, InspectedMemory physical, InspectedMemory guest) {
    this.view = view;
    this.user = user;
    this.physical = physical;
    this.guest = guest;
  }

  @Override
  public String name() {
    return user ? "linear, CPL 3" : "linear";
  }

  private InspectedMemory under() {
    return view.guest() ? guest : physical;
  }

  @Override
  public Optional<InspectedMemory> below() {
    return Optional.of(under());
  }

  @Override
  public Optional<Mapping> translate(long address) {
    return Optional.ofNullable(mapping(view.linear(address, user)));
  }

  static Mapping mapping(GuestMapping found) {
    return found == null ? null : new Mapping(found.address(), 1L << found.size(), found.read(), found.write(), found.execute());
  }

  @Override
  public List<TableEntry> walk(long address) {
    GuestMapping found = view.linear(address, user);
    List<TableEntry> entries = new ArrayList<>(entries(view.reads()));
    if (found != null) {
      entries.addAll(under().walk(found.address()));
    }
    return entries;
  }

  static List<TableEntry> entries(List<TableRead> reads) {
    return reads.stream().map(read -> new TableEntry((read.nested() ? "nested " : "") + read.table(), read.address(), read.value(), read
        .bytes())).toList();
  }
}
