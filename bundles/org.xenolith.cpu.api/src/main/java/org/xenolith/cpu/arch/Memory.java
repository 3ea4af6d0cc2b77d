package org.xenolith.cpu.arch;

import org.xenolith.regs.DeviceState;

/** Data accesses. */
public final class Memory {
  Memory(Cpu cpu, DeviceState state) { }

  boolean monitorArmed() {
    return false;
  }

  boolean monitorDisturbed() {
    return false;
  }
}
