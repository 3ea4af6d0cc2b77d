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
  private final Set<GdbServer> servers = ConcurrentHashMap.newKeySet();

  /** @param inspector looks into machines */
  @Activate
  public GdbDebugger(@Reference MachineInspector inspector) {
    this.inspector = inspector;
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(GdbSettings.OPTION);
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    String text = request.text(GdbSettings.OPTION).orElse("");
    InspectedMachine inspected = inspector.of(launch.machine());
    if (inspected.processors().isEmpty() || inspected.processors().getFirst().debuggerTarget().isEmpty()) {
      throw BadInput.at(GdbSettings.OPTION, text,
          "no bundle is installed that tells debuggers of such processors; build the tree with its bundles"
              + " org.xenolith.inspect.*, or go on without a debugger");
    }
    GdbSettings settings = GdbSettings.of(text);
    if (settings.halted()) {
      control.halt();
    }
    GdbServer server = new GdbServer(GdbOption.listen(text), settings, launch.machine(), inspector, () -> Optional.ofNullable(finder),
        control, told, servers::remove);
    servers.add(server);
    server.begin();
    return server;
  }

  /** The bundle goes while machines run. */
  @Deactivate
  void close() {
    servers.forEach(GdbServer::leave);
  }
}
