// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import java.util.Set;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;
import org.xenolith.symbols.SymbolFinderComponent;

/** Words of the prompt that look into a machine that stands, and no file. */
public final class PlainWords {
  private static final Set<String> OF_FILES = Set.of("symbols", "log");

  private PlainWords() {}

  /** All of them, for one machine. */
  public static List<MonitorCommand> make(Machine machine, MachineInspector inspector, RunControl control) {
    InspectedRuns runs = new InspectedRuns(inspector, new SymbolFinderComponent());
    runs.begin(machine, control).halted();
    return runs.commands().stream().filter(each -> !OF_FILES.contains(each.name())).<MonitorCommand>map(each -> each).toList();
  }
}
