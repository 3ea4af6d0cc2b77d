package org.xenolith.cpu.arch;

/** MRS and MSR. */
public final class SystemRegisters {
  SystemRegisters(Cpu cpu) { }

  int fpTrapLevel() {
    return 0;
  }

  long value(SysReg reg) {
    return 0;
  }

  long identification(int id) {
    return 0;
  }
}
