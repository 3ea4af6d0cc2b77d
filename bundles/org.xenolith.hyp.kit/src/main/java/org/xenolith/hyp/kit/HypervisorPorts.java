// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.Optional;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.machine.control.Machine;

/** Ports of a machine's hypervisor, for who looks at any machine: most have none of ours. */
public final class HypervisorPorts {
  private HypervisorPorts() {}

  /** Whether a machine has a hypervisor of ours. */
  public static boolean has(Machine machine) {
    return machine.platform().node(HypervisorNode.PATH).isPresent();
  }

  /** A machine's port of the hypervisor; empty if it has no hypervisor of ours. */
  public static <T> Optional<T> of(Machine machine, Class<T> type) {
    return has(machine) ? Optional.of(machine.port(HypervisorNode.PATH, type)) : Optional.empty();
  }

  /** Has somebody told what the hypervisor does, if there is one. From the same places as {@link HypervisorTracePort#add}. @return ends it, from there, too */
  public static Runnable listen(Machine machine, HypervisorTracePort.Listener listener) {
    Optional<HypervisorTracePort> port = of(machine, HypervisorTracePort.class);
    port.ifPresent(each -> each.add(listener));
    return () -> port.ifPresent(each -> each.remove(listener));
  }
}
