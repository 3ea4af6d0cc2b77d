// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.NewDomain;
import org.xenolith.machine.api.DeviceContext;

/**
 * What building a domain takes of a machine with Arm's CPUs besides.
 *
 * @param gic   the driver of its interrupt controller
 * @param ports what building takes on every machine
 */
public record ArmHost(VirtualGicPort gic, BuildPorts ports) {
  /** That of the machine that a subsystem is in. */
  public static ArmHost of(DeviceContext context, BuildPorts ports) {
    return new ArmHost(context.port(VirtualGicPort.class), ports);
  }

  /** Permits and routes a shared interrupt; that it can't be routed is said in the log. */
  public void give(NewDomain made, int intid, boolean edge) {
    made.domain().permissions().interrupt(intid, true);
    int answer = gic.route(made.domain(), intid, edge);
    if (answer != 0) {
      made.missing("interrupt " + intid + " isn't routed: " + NewDomain.reason(answer));
    }
  }

  /**
   * The first CPU: what a kernel must fit.
   *
   * @throws HypervisorException while the hypervisor's core is being replaced
   */
  public Cpu cpu() {
    return ports.domains().processors().getFirst().as(Cpu.class);
  }
}
