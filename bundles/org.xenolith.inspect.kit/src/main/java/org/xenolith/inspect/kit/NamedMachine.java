// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.machine.control.Machine;

/**
 * A machine as it is looked into.
 *
 * @param machine it
 * @param view    its processors, memory and devices
 * @param symbols the names of its guests
 */
public record NamedMachine(Machine machine, InspectedMachine view, MachineSymbols symbols) {
  /** One of its processors. @throws BadInput if there is none of that index, or nobody looks into it */
  public InspectedProcessor processor(int index) {
    return view.processor(index).orElseThrow(() -> new BadInput("cpu" + index
        + ": there is no such processor that can be looked into; there are " + Texts.list(processors())));
  }

  /** The symbol that an address is within, with a blank before it; nothing if there is none. */
  public String name(InspectedProcessor processor, long address) {
    return symbols.text(processor, address).map(text -> " " + text).orElse("");
  }

  /** Names of its processors: {@code cpu0}. */
  public List<String> processors() {
    return view.processors().stream().map(each -> "cpu" + each.index()).toList();
  }
}
