// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;

/** A program at EL0 of a {@link Bench}, and the test as its debugger: it is EL1's software. */
final class Debuggee {
  static final long CODE = 0x8_0000;
  static final long DATA = 0x9_0000;
  /** MDSCR_EL1. */
  static final long SS = 1;
  static final long KDE = 1 << 13;
  static final long MDE = 1 << 15;
  /** SPSR.SS. */
  static final long PSTATE_SS = 1 << 21;
  /** DBGBCR of an address at EL0: BAS of a word, PMC. */
  static final long BREAK_EL0 = 0xF << 5 | 2 << 1 | 1;
  /** DBGWCR of all eight bytes, loads and stores, at EL0. */
  static final long WATCH_EL0 = 0xFF << 5 | 3 << 3 | 2 << 1 | 1;
  /** ESR_EL1 from a lower level. */
  static final long SVC = 0x15;
  static final long BREAKPOINT = 0x30;
  static final long STEP = 0x32;
  static final long WATCHPOINT = 0x34;

  final Bench bench;
  final Cpu cpu;

  Debuggee(CpuConfig config, String program) {
    bench = new Bench(config).start(CODE, program);
    cpu = bench.cpu;
    for (int vector = 0; vector < 0x800; vector += 0x80) {
      bench.load(Bench.VECTORS + vector, "b .");
    }
    for (int i = 0; i < 31; i++) {
      cpu.x[i] = i;
    }
    cpu.x[1] = DATA;
    set(SysReg.OSLAR_EL1, 0);
    // DC operations, WFI and WFE of EL0 are executed.
    set(SysReg.SCTLR_EL1, get(SysReg.SCTLR_EL1) | 1 << 14 | 1 << 16 | 1 << 18 | 1 << 26);
    set(SysReg.ELR_EL1, CODE);
    set(SysReg.SPSR_EL1, 0);
  }

  Debuggee(String program) {
    this(CpuConfig.cortexA57(0), program);
  }

  void set(SysReg reg, long value) {
    cpu.registers.write(reg.id, 0, value);
  }

  long get(SysReg reg) {
    return cpu.registers.read(reg.id, 0);
  }

  /** ERET. */
  Debuggee go() {
    cpu.exceptions.exceptionReturn();
    return this;
  }

  /** Executes until EL1 is entered, in pieces; returns ESR_EL1.EC. */
  long untilException(int piece) {
    for (int i = 0; cpu.el == 0; i++) {
      bench.engine.run(piece);
      if (i > 100_000) {
        throw new AssertionError("no exception, PC 0x%x".formatted(cpu.pc));
      }
    }
    assertEquals(1, cpu.el);
    return get(SysReg.ESR_EL1) >>> 26;
  }

  /** Executes until EL1 is entered; returns ESR_EL1. */
  long untilException() {
    untilException(1);
    return get(SysReg.ESR_EL1);
  }
}
