// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.ProcessorPlace;
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

  /** Where a processor is, for people: {@code cpu0 at 0xffff800008b40000 start_kernel, the level, the address space, d0}. */
  public String place(InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    String guest = view.guest(place);
    return "cpu%d at 0x%016x%s, %s%s%s".formatted(processor.index(), place.address(), name(processor, place.address()), place.level(), place
        .addressSpace().isEmpty() ? "" : ", " + place.addressSpace(), guest.isEmpty() ? "" : ", " + guest);
  }

  /** The same, and the instruction there, in two lines. */
  public String standing(InspectedProcessor processor) {
    return place(processor) + "\n  " + next(processor).orElse("(no RAM is mapped there)") + "\n";
  }

  /** The instruction that a processor executes next; empty if no RAM is mapped there. */
  public Optional<String> next(InspectedProcessor processor) {
    return processor.disassemble(processor.place().address(), 1).stream().map(InstructionText::text).findFirst();
  }

  /** Names of its processors: {@code cpu0}. */
  public List<String> processors() {
    return view.processors().stream().map(each -> "cpu" + each.index()).toList();
  }
}
