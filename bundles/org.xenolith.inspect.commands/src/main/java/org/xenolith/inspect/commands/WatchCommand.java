// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import org.xenolith.inspect.kit.BreakPlace;

/** {@code watch}: the machine is halted where memory is accessed. */
final class WatchCommand extends PlaceCommand {
  WatchCommand(InspectedRuns runs) {
    super(runs, "watch", "ADDRESS [LENGTH] [read|write|both] [physical]", "halt the machine where bytes are written or read", """
          Eight bytes and writes, unless said otherwise; 1048576 bytes at most. The machine is halted behind the instruction. An ADDRESS is one of the code that
          accesses it, or with 'physical' everybody's: writes of devices and hypervisors, too. CONDITION is that of break.
          (xenolith) watch jiffies
          (xenolith) watch 0x48000000 4096 both physical if cpu == 1
          """);
  }

  @Override
  BreakPlace place(InspectedRun run, List<String> said) {
    return BreakPlace.access(run.on, run.processor(), said);
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? both(symbols(run, begun), registers(run)) : both(BreakPlace.HOW, List.of(BreakPlace.PHYSICAL, "if"),
        registers(run));
  }
}
