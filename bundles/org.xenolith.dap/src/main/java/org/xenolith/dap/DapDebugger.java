// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

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
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.debug.kit.DebuggerServer;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;

/** Offers to have machines debugged by the Debug Adapter Protocol. */
@Component
public final class DapDebugger implements Debugger {
  private final MachineInspector inspector;
  /** Null while no bundle finds names: a debugger does without. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile SymbolFinder finder;
  /** Null while no bundle keeps machines' pasts: a client goes forwards only. */
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile MachineHistories histories;
  private final Set<DebuggerServer> servers = ConcurrentHashMap.newKeySet();

  /** @param inspector looks into machines */
  @Activate
  public DapDebugger(@Reference MachineInspector inspector) {
    this.inspector = inspector;
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(DapOption.OPTION);
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    DapProtocol protocol = new DapProtocol(() -> new AdaptedMachine(launch.machine(), inspector.of(launch.machine()), Optional.ofNullable(
        finder), Optional.ofNullable(histories).flatMap(each -> each.of(launch.machine())).map(each -> new DebuggedPast(each,
            inspector::of)), control::halt));
    DebuggerServer server = new DebuggerServer(DapOption.port(request.text(DapOption.OPTION).orElse("")), launch.machine(), control,
        protocol, told, servers::remove);
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
