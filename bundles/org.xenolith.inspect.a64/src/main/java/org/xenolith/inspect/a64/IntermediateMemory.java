// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.List;
import java.util.Optional;
import org.xenolith.a64.arch.GuestMapping;
import org.xenolith.a64.arch.TranslationView;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;

/** What a guest calls physical: intermediate physical addresses, translated by stage 2 while that is on; else they are the physical ones. */
final class IntermediateMemory implements InspectedMemory {
  private final TranslationView view;
  private final InspectedMemory physical;

  IntermediateMemory(TranslationView view, InspectedMemory physical) {
    this.view = view;
    this.physical = physical;
  }

  @Override
  public String name() {
    return "intermediate physical";
  }

  @Override
  public Optional<InspectedMemory> below() {
    return Optional.of(physical);
  }

  private GuestMapping mapping(long address) {
    return view.guest() ? view.stage2(address) : new GuestMapping(address, 12, true, true, true);
  }

  @Override
  public Optional<Mapping> translate(long address) {
    return Optional.ofNullable(A64Memory.mapping(mapping(address)));
  }

  @Override
  public List<TableEntry> walk(long address) {
    if (!view.guest()) {
      return List.of();
    }
    view.stage2(address);
    return A64Memory.entries(view.reads());
  }
}
