// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.InspectedMachine;

/** A virtual processor of a hypervisor's guest as people name it, {@code d2v0}: that of which they want the registers while no processor executes its code. */
public final class WaitingProcessor {
  private static final String FORM = "d[0-9]{1,5}v[0-9]{1,3}";

  private WaitingProcessor() {}

  /** Whether a word is the name of one, of whatever machine. */
  public static boolean is(String word) {
    return word.matches(FORM);
  }

  /** As people name it. */
  public static String name(GuestProcessor virtual) {
    return virtual.guest() + "v" + virtual.number();
  }

  /**
   * The registers of the one of a name, by theirs.
   *
   * @throws BadInput if there is no such one, a processor executes it, or nobody tells them
   */
  public static Map<String, Long> registers(InspectedMachine machine, String word) {
    List<GuestProcessor> all = machine.guestProcessors();
    GuestProcessor virtual = all.stream().filter(each -> name(each).equals(word)).findFirst().orElseThrow(() -> new BadInput(
        "there is no virtual processor '" + word + "'; there are " + Texts.list(all.stream().map(WaitingProcessor::name).toList())));
    if (virtual.on().isPresent()) {
      throw new BadInput("cpu" + virtual.on().getAsInt() + " executes " + word + " now, and has its registers");
    }
    Map<String, Long> registers = machine.registers(virtual);
    if (registers.isEmpty()) {
      throw new BadInput(word + " is " + virtual.state() + ", and nobody tells its registers");
    }
    return registers;
  }

  /** Where it goes on; empty if there are no registers that say it. */
  public static OptionalLong place(Map<String, Long> registers) {
    return registers.values().stream().mapToLong(Long::longValue).findFirst();
  }

  /** Names of all that no processor executes now. */
  public static List<String> names(InspectedMachine machine) {
    return machine.guestProcessors().stream().filter(each -> each.on().isEmpty()).map(WaitingProcessor::name).toList();
  }
}
