package org.xenolith.hyp.control;

import java.util.List;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.machine.control.Machine;

/** {@code xl} at the monitor prompt and in the OSGi shell. */
@Component
public final class XlCommand implements MonitorCommand {
  private static final int PATIENCE = 60;

  @Override public String name() {
    return "xl";
  }

  @Override public String help() {
    return Commands.USAGE.values().stream().map(usage -> "xl " + usage).collect(Collectors.joining("\n"));
  }

  @Override public String execute(Machine machine, List<String> words) {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      throw new BadInput("xl: this machine has no hypervisor; boot with --hypervisor");
    }
    if (words.isEmpty()) {
      return help() + "\n";
    }
    try {
      return machine.port(HypervisorNode.PATH, ToolsPort.class).ask(machine, String.join(" ", words), PATIENCE);
    } catch (HypervisorException e) {
      throw new BadInput("xl " + words.getFirst() + ": " + e.getMessage());
    }
  }
}
