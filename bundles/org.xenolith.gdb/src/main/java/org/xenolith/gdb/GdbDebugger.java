// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.BadInput;
import org.xenolith.debug.kit.DebuggerServer;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;

/** Offers to have machines debugged by GDB's remote serial protocol. */
@Component
public final class GdbDebugger implements Debugger {
  private final MachineInspector inspector;
  /** Null while no bundle finds names: a debugger does without. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile SymbolFinder finder;
  private final Set<DebuggerServer> servers = ConcurrentHashMap.newKeySet();

  /** @param inspector looks into machines */
  @Activate
  public GdbDebugger(@Reference MachineInspector inspector) {
    this.inspector = inspector;
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(GdbOption.OPTION);
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    String text = request.text(GdbOption.OPTION).orElse("");
    InspectedMachine inspected = inspector.of(launch.machine());
    if (inspected.processors().isEmpty() || inspected.processors().getFirst().debuggerTarget().isEmpty()) {
      throw BadInput.at(GdbOption.OPTION, text,
          "no bundle is installed that tells debuggers of such processors; build the tree with its bundles"
              + " org.xenolith.inspect.*, or go on without a debugger");
    }
    GdbProtocol protocol = new GdbProtocol(launch.machine(), inspector, () -> Optional.ofNullable(finder));
    DebuggerServer server = new DebuggerServer(GdbOption.port(text), launch.machine(), control, protocol, told, servers::remove);
    servers.add(server);
    server.begin();
    return server;
  }

  /** The bundle goes while machines run. */
  @Deactivate
  void close() {
    servers.forEach(DebuggerServer::leave);
  }
}
