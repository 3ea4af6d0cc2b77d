// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import org.xenolith.hyp.kit.BuildPorts;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** The subsystem: offers the builder. A domain that was built is none of its business, so it has no state. */
final class AcpiBuilderModel implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final BuildPorts ports;
  private final AcpiDom0Builder dom0;

  AcpiBuilderModel(DeviceContext context, TableVariants variants, DeviceWays ways) {
    ports = BuildPorts.of(context);
    dom0 = new AcpiDom0Builder(context, ports, variants, ways);
    ports.builders().claim(dom0, context);
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
  }
}
