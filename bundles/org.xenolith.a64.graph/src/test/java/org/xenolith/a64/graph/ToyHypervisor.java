// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.El2Port;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.machine.kit.Ram;

/**
 * A hypervisor in Java of a few lines: stage 2 maps the guest's RAM to itself in 2 MiB blocks, {@code hvc #0} ends the run,
 * {@code hvc #1} adds 1 to x0, other traps are what a test makes of them.
 */
class ToyHypervisor implements El2Port {
  static final int HVC = 0x16;
  static final int SYSTEM = 0x18;
  static final int WF = 1;
  static final int DATA_ABORT = 0x24;
  static final long RW_VM_IMO_FMO_AMO = 1L << 31 | 1 | 1 << 4 | 1 << 3 | 1 << 5;
  static final long VI = 1 << 7;
  static final long TABLES = 0x10_0000;

  final Bench bench;
  final List<String> log = new ArrayList<>();
  /** HCR_EL2 at the start. */
  long hcr = RW_VM_IMO_FMO_AMO;
  boolean logging = true;

  ToyHypervisor() {
    bench = new Bench(CpuConfig.cortexA57(0).withLevels(true, false));
    bench.cpu.el2.attach(this);
    map(bench.ram, TABLES, 0);
  }

  /** Level 1 at {@code table}, level 2 behind it: 8 MiB of guest from {@code base} on. */
  static void map(Ram ram, long table, long base) {
    ram.write((int) table, 8, table + 0x1000 | 3);
    for (int i = 0; i < 4; i++) {
      ram.write((int) table + 0x1000 + 8 * i, 8, base + ((long) i << 21) | 0x7FD);
    }
  }

  ToyHypervisor guest(String source) {
    bench.start(0x8_0000, source);
    return this;
  }

  @Override
  public void start(Cpu cpu) {
    cpu.el2.write(SysReg.VTCR_EL2, 25 | 1 << 6 | 4 << 16);
    cpu.el2.write(SysReg.VTTBR_EL2, TABLES | 1L << 48);
    cpu.el2.write(SysReg.CPTR_EL2, 0x33FF);
    cpu.el2.write(SysReg.HCR_EL2, hcr);
  }

  @Override
  public void synchronous(Cpu cpu) {
    long esr = cpu.el2.read(SysReg.ESR_EL2);
    note("sync", cpu);
    int exceptionClass = (int) (esr >>> 26) & 63;
    int iss = (int) esr & 0x1FF_FFFF;
    if (exceptionClass == HVC && iss == 0) {
      bench.stopped = true;
      cpu.requestExit();
    } else if (exceptionClass == HVC && iss == 1) {
      cpu.x[0]++;
    } else {
      trap(cpu, exceptionClass, iss);
    }
  }

  /** Anything but the two calls. */
  void trap(Cpu cpu, int exceptionClass, int iss) {
    bench.stopped = true;
    cpu.requestExit();
  }

  @Override
  public void irq(Cpu cpu) {
    note("irq", cpu);
  }

  @Override
  public void fiq(Cpu cpu) {
    note("fiq", cpu);
  }

  @Override
  public void systemError(Cpu cpu) {
    note("serror", cpu);
  }

  private void note(String kind, Cpu cpu) {
    if (logging) {
      log.add("%s at %d EL%d: ESR %x ELR %x SPSR %x".formatted(kind, cpu.executed(), cpu.exceptionLevel(), cpu.el2.read(SysReg.ESR_EL2),
          cpu.el2.read(SysReg.ELR_EL2), cpu.el2.read(SysReg.SPSR_EL2)));
    }
  }

  static void skip(Cpu cpu) {
    cpu.el2.write(SysReg.ELR_EL2, cpu.el2.read(SysReg.ELR_EL2) + 4);
  }
}
