// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.machine.control.Machine;

/** What people write of domains at the prompt. */
public final class DomainWords {
  private DomainWords() {}

  /** A machine's port of the hypervisor. @throws BadInput if it has no hypervisor of ours */
  public static <T> T port(Machine machine, Class<T> type) {
    return HypervisorPorts.of(machine, type).orElseThrow(() -> new BadInput("this machine has no hypervisor of ours"));
  }

  /** The domain that a word means, by its number or its name: {@code d1}, {@code debian1}. @throws BadInput if there is none */
  public static Domain domain(Machine machine, String word) {
    Domains core = port(machine, DomainsPort.class).domains();
    List<? extends Domain> all = core == null ? List.of() : core.all();
    return all.stream().filter(each -> word.equals("d" + each.id()) || word.equals(each.name())).findFirst().orElseThrow(() -> new BadInput(
        "there is no domain '" + word + "' here; there are " + all.stream().map(each -> "d" + each.id() + " " + each.name()).collect(
            Collectors.joining(", "))));
  }

  /** A number that is said in decimal or, behind 0x, in hexadecimal. @throws BadInput if it is none, or isn't below {@code end} */
  public static long number(String word, String what, long end) {
    try {
      long number = WrittenNumber.number(word);
      if (number >= 0 && number < end) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BadInput("'" + word + "' is no " + what);
  }
}
