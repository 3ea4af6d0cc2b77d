// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.kit.BreakPlace;
import org.xenolith.inspect.kit.DeviceNames;

/** {@code break}: where the machine is halted. */
final class BreakCommand extends PlaceCommand {
  BreakCommand(InspectedRuns runs) {
    super(runs, "break", "PLACE", "halt the machine at an instruction, an exception, a device's register, …", """
          A PLACE is an ADDRESS (0x…, a symbol, also with +OFFSET), on any CPU and in any address space; or one of
            exception NAME                      an exception or interrupt whose name has NAME in it
            device NODE REGISTER [read|write|both]
            exit KIND [PLACE]                   guest code is left for the host's: read, write, register, firmware, hypervisor, alarm
            event KIND [TEXT]                   an event of the machine's log
          CONDITION: VALUE ==|!=|<|<=|>|>=|& VALUE [and …]; a VALUE is a number, a register, a symbol, [VALUE] for the eight bytes there, cpu, hits, level
          or guest. Of an exception, an exit and an event only cpu and hits are known.
          (xenolith) break vfs_open
          (xenolith) break do_exit if X0 == 11 and guest == d1
          (xenolith) break exception SVC if hits >= 1000
          (xenolith) break device pl011 UARTDR write
          """);
  }

  @Override
  BreakPlace place(InspectedRun run, List<String> said) {
    return BreakPlace.of(run.on, run.processor(), said);
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    String kind = words.getFirst();
    return switch (words.size()) {
      case 1 -> both(symbols(run, begun), BreakPlace.KINDS);
      case 2 -> switch (kind) {
        case "device" -> devices(run);
        case "exit" -> BreakPlace.EXITS;
        case "event" -> List.copyOf(run.machine.events().keySet());
        default -> List.of("if");
      };
      case 3 -> kind.equals("device") ? DeviceNames.device(run.on, words.get(1)).registers().stream().map(DeviceRegister::name).toList()
          : registers(run);
      default -> both(BreakPlace.HOW, List.of("if"), registers(run));
    };
  }
}
