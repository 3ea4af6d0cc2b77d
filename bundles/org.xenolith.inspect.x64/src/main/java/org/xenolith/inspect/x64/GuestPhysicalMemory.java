// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.x64.arch.GuestMapping;
import org.xenolith.x64.arch.TranslationView;

/** What a guest calls physical: translated by nested page tables while there are any; else the physical addresses. */
final class GuestPhysicalMemory implements InspectedMemory {
  private final TranslationView view;
  private final InspectedMemory physical;

  GuestPhysicalMemory(TranslationView view, InspectedMemory physical) {
    this.view = view;
    this.physical = physical;
  }

  @Override
  public String name() {
    return "guest physical";
  }

  @Override
  public Optional<InspectedMemory> below() {
    return Optional.of(physical);
  }

  @Override
  public Optional<Mapping> translate(long address) {
    return Optional.ofNullable(X64LinearMemory.mapping(view.guest() ? view.nested(address) : new GuestMapping(address, 12, true, true,
        true)));
  }

  @Override
  public List<TableEntry> walk(long address) {
    if (!view.guest()) {
      return List.of();
    }
    view.nested(address);
    return X64LinearMemory.entries(view.reads());
  }
}
