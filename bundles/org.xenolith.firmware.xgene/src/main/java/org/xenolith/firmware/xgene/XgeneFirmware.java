// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.xgene;

import java.util.List;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.regs.DeviceState;

/** Brings all ports of a machine up when its boot CPU is powered on for the first time, through their registers. */
final class XgeneFirmware implements DeviceModel {
  private final DeviceState state = new DeviceState();
  /** Not 0: this power-on's work is done. */
  private final int[] done = state.ints("done", 1);
  private final List<PortSetup> ports;
  private final PhysicalBus bus;
  private final EventLog events;
  private final String instance;

  XgeneFirmware(DeviceContext context) {
    bus = context.memory().physical();
    events = context.events();
    instance = context.instance();
    ports = PortSetup.all(context.platform());
    List<ArmCpu> cpus = ArmCpu.of(context.processors());
    // The tree's header names the boot CPU, or it is the first one
    long boot = context.platform().source().bootCpuid() & 0xFFFF_FFFFL;
    cpus.stream().filter(cpu -> cpu.affinity() == boot).findFirst().orElse(cpus.getFirst())
        .atPowerOn(this::bringUp);
  }

  private void bringUp() {
    if (done[0] != 0) {
      return;
    }
    done[0] = 1;
    for (PortSetup port : ports) {
      port.unusual().forEach(text -> events.report("xgene-window", instance, port.path() + ": " + text));
      try {
        port.run(bus);
      } catch (ExternalAbort abort) {
        events.report("xgene-no-answer", instance, port.path() + ": its registers, or its clock's, don't answer; it stays as it is");
      }
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
