// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import org.xenolith.hyp.kit.BuildPorts;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** The subsystem: offers both builders. A domain that was built is none of its business, so it has no state. */
final class DomainBuildersModel implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final BuildPorts ports;
  private final Dom0Builder dom0;
  private final DomUBuilder domU;

  DomainBuildersModel(DeviceContext context) {
    ports = BuildPorts.of(context);
    dom0 = new Dom0Builder(context, ports);
    domU = new DomUBuilder(context, ports);
    ports.builders().claim(dom0, context);
    ports.builders().claim(domU, context);
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
    ports.builders().release(dom0);
    ports.builders().release(domU);
  }
}
