// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.DomainCreationPort;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;

/** Serves what of domctl is Arm's: creation of domains, registers of virtual CPUs, windows and interrupts of hardware. It keeps nothing of its own. */
final class ArmControl implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final ControlOperationsPort operations;
  private final DomainCreationPort creation;
  private final ArmCreation rules;

  ArmControl(DeviceContext context) {
    this.context = context;
    operations = context.port(ControlOperationsPort.class);
    creation = context.port(DomainCreationPort.class);
    VirtualGicPort gic = context.port(VirtualGicPort.class);
    rules = new ArmCreation(context.port(DomainsPort.class), gic);
    operations.claim(HypercallNumber.__HYPERVISOR_domctl, context, Stream.of(new VcpuRegisters().operations(), new HardwareAccess(context
        .port(P2mPort.class), gic).operations()).<SubOperation<?>>flatMap(List::stream).toList());
    creation.attach(rules, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
  }

  @Override
  public void removed() {
    operations.release(context);
    creation.detach(rules);
  }
}
