// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.faults;

import org.xenolith.machine.Hardware;
import org.xenolith.machine.bus.LineFault;
import org.xenolith.machine.control.HardwareFault;

/** A fault of an interrupt line. */
final class FaultyLine implements LastingFault {
  private final Hardware hardware;
  private final String wire;
  private final LineFault line;

  /** @throws IllegalArgumentException if there is no such line, or it has one */
  FaultyLine(Hardware hardware, String node, HardwareFault.Line fault) {
    this.hardware = hardware;
    wire = node + " interrupt " + fault.interrupt() + (fault.cpu() < 0 ? "" : " cpu " + fault.cpu());
    line = new LineFault(fault, hardware.queue.alarm("fault of " + wire, this::pulse, bug -> hardware.events.report("fault-failed", node,
        String.valueOf(bug.getMessage()))));
    hardware.fabric.fault(wire, line);
  }

  /** A storm begins, or goes on. */
  private void pulse() {
    line.pulse(hardware.clock.now());
    hardware.fabric.faultMoved(wire);
  }

  @Override
  public void begins() {
    pulse();
  }

  @Override
  public void machineReset() {
    pulse();
  }

  @Override
  public void ends() {
    line.end();
    hardware.fabric.fault(wire, null);
  }

  @Override
  public String saved() {
    return line.saved();
  }

  @Override
  public void restore(String saved) {
    line.restore(saved);
  }
}
