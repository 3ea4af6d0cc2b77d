// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;

/**
 * Memory that is addressed.
 *
 * @param processor whose code or registers go with it
 * @param memory    by whose addresses
 */
public record MemorySpace(InspectedProcessor processor, InspectedMemory memory) {
  private static final String PHYSICAL = "physical";
  private static final String CPU = "cpu[0-9]{1,4}";
  private static final String DOMAIN = "d[0-9]+";

  /** The index in {@code cpu1}; empty for another word. */
  public static OptionalInt processor(String word) {
    return word.matches(CPU) ? OptionalInt.of(Integer.parseInt(word.substring(3))) : OptionalInt.empty();
  }

  /** Whether a word names one. @param near whose memories are meant by their names */
  public static boolean isNamed(InspectedProcessor near, String word) {
    return word.equals(PHYSICAL) || word.matches(CPU) || word.matches(DOMAIN) || near.memories().stream().anyMatch(each -> each.name()
        .equals(word));
  }

  /**
   * The memory that a word means: {@code physical}, a processor's ({@code cpu1}), that of a domain's code ({@code d1}), or one of a processor's by its name.
   *
   * @param near whose memory is meant if none is named
   * @param word empty for that of the code that it executes
   * @throws BadInput if there is none of that name; the message says what there is
   */
  public static MemorySpace of(NamedMachine on, InspectedProcessor near, String word) {
    OptionalInt cpu = processor(word);
    if (word.isEmpty()) {
      return new MemorySpace(near, near.memory());
    }
    if (cpu.isPresent()) {
      InspectedProcessor named = on.processor(cpu.getAsInt());
      return new MemorySpace(named, named.memory());
    }
    if (word.equals(PHYSICAL)) {
      return new MemorySpace(near, on.view().physical());
    }
    Optional<InspectedMemory> named = near.memories().stream().filter(each -> each.name().equals(word)).findFirst();
    if (named.isPresent()) {
      return new MemorySpace(near, named.get());
    }
    return on.view().processors().stream().filter(each -> on.view().guest(each.place()).equals(word)).findFirst().map(
        each -> new MemorySpace(each, each.memory())).orElseThrow(() -> new BadInput(word.matches(DOMAIN) ? word
            + " executes on no CPU now; step or go on until it does"
            : "'" + word + "' is no memory; there are physical, " + String.join(", ", on.processors()) + ", a domain's (d0) and " + String
                .join(", ", near.memories().stream().map(InspectedMemory::name).filter(each -> !each.contains(" ")).toList())));
  }
}
