package org.xenolith.cpu.arch;

import org.xenolith.regs.DeviceState;

/** Address translation. */
public final class Mmu {
  Mmu(Cpu cpu, DeviceState state) { }

  void selectContext() { }

  void restored() { }
}
