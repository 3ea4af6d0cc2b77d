// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.BadInput;
import org.xenolith.debug.kit.DebuggerSession;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** Offers to have machines debugged by GDB's remote serial protocol: from their launch on by the option, later by the word of the prompt. */
@Component(service = {Debugger.class, GdbDebugger.class})
public final class GdbDebugger implements Debugger {
  private final MachineInspector inspector;
  /** Null while no bundle finds names: a debugger does without. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile SymbolFinder finder;
  /** Null while no bundle keeps machines' pasts: a debugger goes forwards only. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile MachineHistories histories;
  private final Map<Machine, DebuggerSession> sessions = new ConcurrentHashMap<>();

  /** @param inspector looks into machines */
  @Activate
  public GdbDebugger(@Reference MachineInspector inspector) {
    this.inspector = inspector;
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return true;
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    Machine machine = launch.machine();
    GdbProtocol protocol = new GdbProtocol(machine, inspector, () -> Optional.ofNullable(finder), () -> Optional.ofNullable(
        histories));
    DebuggerSession session = new DebuggerSession(machine, control, protocol, told, () -> sessions.remove(machine));
    if (request.has(GdbOption.OPTION)) {
      told.accept(open(machine, session, request.text(GdbOption.OPTION).orElse("")));
    }
    sessions.put(machine, session);
    return session;
  }

  /** Opens a machine's port. @return how to connect. @throws BadInput if it can't be */
  private String open(Machine machine, DebuggerSession session, String text) {
    List<InspectedProcessor> processors = inspector.of(machine).processors();
    if (processors.isEmpty() || processors.getFirst().debuggerTarget().isEmpty()) {
      throw BadInput.at(GdbOption.OPTION, text,
          "no bundle is installed that tells debuggers of such processors; build the tree with its bundles"
              + " org.xenolith.inspect.*, or go on without a debugger");
    }
    return session.open(GdbOption.port(text));
  }

  /** Opens a port of a machine that runs. @param text as of the option. @return how to connect. @throws BadInput if it can't be */
  String open(Machine machine, String text) {
    return open(machine, session(machine), text);
  }

  /** How a debugger connects to a machine; empty if it has no port. */
  Optional<String> port(Machine machine) {
    return session(machine).port();
  }

  /** Closes a machine's port. Returns whether there was one. */
  boolean shut(Machine machine) {
    return session(machine).shut();
  }

  private DebuggerSession session(Machine machine) {
    DebuggerSession session = sessions.get(machine);
    if (session == null) {
      throw new BadInput("gdb: the machine was launched before org.xenolith.gdb was there, so that it can't be halted");
    }
    return session;
  }

  /** The bundle goes while machines run. */
  @Deactivate
  void close() {
    sessions.values().forEach(DebuggerSession::leave);
  }
}
