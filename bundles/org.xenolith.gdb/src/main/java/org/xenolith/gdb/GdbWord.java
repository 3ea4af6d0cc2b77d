// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.debug.kit.DebuggerPort;
import org.xenolith.machine.control.Machine;

/** {@code gdb} at the monitor prompt: a debugger may connect to a machine that was launched without. */
@Component
public final class GdbWord implements MonitorCommand {
  private static final String OFF = "off";
  private final GdbDebugger debugger;

  /** @param debugger has the machines */
  @Activate
  public GdbWord(@Reference GdbDebugger debugger) {
    this.debugger = debugger;
  }

  @Override
  public String name() {
    return "gdb";
  }

  @Override
  public String help() {
    return "gdb [[HOST:]PORT|off]      waits for gdb or lldb at a port, " + GdbOption.PORT + " unless another is said";
  }

  @Override
  public String manual() {
    return help()
        + "\nPORT is of this computer alone; 0 is any that is free. With ',halted' behind it the machine is halted at once, with ',"
        + DebuggerPort.ON_LOSS
        + "'\nit stays halted when its debugger is gone without a word. 'gdb off' closes the port, and the machine goes on.\n"
        + "Without a word it says where a debugger can connect, if it can, and opens the usual port if not.\n"
        + "  gdb                     then, in another terminal: xenolith gdb\n  gdb 0                   the answer has the port";
  }

  @Override
  public List<String> complete(Machine machine, List<String> words) {
    return words.size() == 1 ? List.of(OFF, String.valueOf(GdbOption.PORT)) : List.of();
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    if (words.size() > 1) {
      throw new BadInput("usage: gdb [" + DebuggerPort.FORM + "|" + OFF + "]");
    }
    if (words.equals(List.of(OFF))) {
      if (!debugger.shut(machine)) {
        throw new BadInput("gdb: no port is open");
      }
      return "the port is closed, and the machine goes on\n";
    }
    return (words.isEmpty() ? debugger.port(machine).orElseGet(() -> debugger.open(machine, "")) : debugger.open(machine, words.getFirst()))
        + "\n";
  }
}
