// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.cpu.api.CpuEngine;

/** The engine without its bundle's component. */
public final class PlainMachineCode {
  private PlainMachineCode() {}

  /** An engine for a CPU, which compares what code does with the interpreter. */
  public static CpuEngine lockstep(Cpu cpu) {
    return new MachineCodeLockstep(cpu, null);
  }

  /** An engine for a CPU. */
  public static CpuEngine of(Cpu cpu) {
    return new MachineCodeEngine(cpu, null);
  }
}
