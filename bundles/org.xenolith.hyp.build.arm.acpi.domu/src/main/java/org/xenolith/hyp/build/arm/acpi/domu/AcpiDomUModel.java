// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi.domu;

import org.xenolith.hyp.kit.BuildPorts;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** The subsystem: offers the builder. A domain that was built is none of its business, so it has no state. */
final class AcpiDomUModel implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final BuildPorts ports;
  private final AcpiDomUBuilder builder;

  AcpiDomUModel(DeviceContext context) {
    ports = BuildPorts.of(context);
    builder = new AcpiDomUBuilder(context, ports);
    ports.builders().claim(builder, context);
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
    ports.builders().release(builder);
  }
}
