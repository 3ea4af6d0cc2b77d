// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.a64.arch.GuestMapping;
import org.xenolith.a64.arch.TableRead;
import org.xenolith.a64.arch.TranslationView;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;

/** Virtual memory as an exception level has it: by stage 1, and what is below that. */
final class A64Memory implements InspectedMemory {
  private final TranslationView view;
  private final int level;
  private final InspectedMemory physical;
  private final InspectedMemory intermediate;

  /** @param intermediate what is below while stage 2 is on; null where it never is */
  A64Memory(TranslationView view, int level, InspectedMemory physical, InspectedMemory intermediate) {
    this.view = view;
    this.level = level;
    this.physical = physical;
    this.intermediate = intermediate;
  }

  @Override
  public String name() {
    return "EL" + level;
  }

  private InspectedMemory under() {
    return intermediate != null && view.guest() ? intermediate : physical;
  }

  @Override
  public Optional<InspectedMemory> below() {
    return Optional.of(under());
  }

  @Override
  public Optional<Mapping> translate(long address) {
    return Optional.ofNullable(mapping(view.stage1(address, level)));
  }

  static Mapping mapping(GuestMapping found) {
    return found == null ? null : new Mapping(found.address(), 1L << found.size(), found.read(), found.write(), found.execute());
  }

  @Override
  public List<TableEntry> walk(long address) {
    GuestMapping found = view.stage1(address, level);
    List<TableEntry> entries = new ArrayList<>(entries(view.reads()));
    if (found != null) {
      entries.addAll(under().walk(found.address()));
    }
    return entries;
  }

  static List<TableEntry> entries(List<TableRead> reads) {
    return reads.stream().map(read -> new TableEntry("stage " + read.stage() + ", level " + read.level(), read.address(), read.value(), 8))
        .toList();
  }

  /** A little-endian number of some of a few bytes. */
  static long word(byte[] bytes, int from, int size) {
    long word = 0;
    for (int i = 0; i < size; i++) {
      word |= (bytes[from + i] & 0xFFL) << 8 * i;
    }
    return word;
  }
}
