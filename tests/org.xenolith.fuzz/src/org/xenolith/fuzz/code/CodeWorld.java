// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.code;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.BareMachine;

/**
 * A CPU and its engine, for one input after the other. Memory is mapped to itself, and once more at the next GiB for another ASID; the tables are in it, the program is in its first
 * pages, and what faults is left out.
 */
public final class CodeWorld extends BareMachine {
  private static final long RAM = 0x4000_0000L;
  private static final int SIZE = 1 << 16;
  private static final int TABLES = 0x8000;
  private static final int VECTORS = 0xC000;
  /** ADRP and the like lead out of the pages before them. */
  private static final int PROGRAM = 0x2000;
  private static final int MOST_WORDS = 512;
  /** MRS X18, ELR_EL1; ADD X18, X18, #4; MSR ELR_EL1, X18; ERET. */
  private static final int[] SKIP = {0xD538_4032, 0x9100_1252, 0xD518_4032, 0xD69F_03E0};

  private final String name;
  private final Ram ram;
  private final Cpu cpu;
  private final CpuEngine engine;

  /** @param name for messages */
  public CodeWorld(String name, Function<Cpu, CpuEngine> engines) {
    super(new Ram(RAM, SIZE));
    this.name = name;
    ram = ram(RAM);
    cpu = add(CpuConfig.cortexA57(0).withLse(true));
    engine = engines.apply(cpu);
  }

  /** Executes a program. Returns what comes of it, as text. */
  public String outcome(byte[] input) {
    InputBytes bytes = new InputBytes(input);
    int most = 64 + 4 * bytes.next();
    int slice = 1 + bytes.next();
    ram.fill(0, SIZE, (byte) 0);
    for (int i = 0; i < MOST_WORDS && !bytes.end(); i++) {
      ram.write(PROGRAM + 4 * i, 4, bytes.next(4));
    }
    for (int vector = 0; vector < 0x800; vector += 0x80) {
      for (int i = 0; i < SKIP.length; i++) {
        ram.write(VECTORS + vector + 4 * i, 4, SKIP[i]);
      }
    }
    // Level 1 of 39 bits, level 2, and pages at level 3; what EL1 executes, it may write.
    ram.write(TABLES + 8, 8, RAM + TABLES + 0x1000 | 3);
    ram.write(TABLES + 16, 8, RAM + TABLES + 0x1000 | 3);
    ram.write(TABLES + 0x1000, 8, RAM + TABLES + 0x2000 | 3);
    for (int page = 0; page < SIZE >> 12; page++) {
      ram.write(TABLES + 0x2000 + 8 * page, 8, RAM + (page << 12) | 0x703);
    }
    registers();
    for (int done = 0; done < most;) {
      long executed = engine.run(Math.min(slice, most - done));
      if (executed == 0) {
        break;
      }
      done += (int) executed;
    }
    StringBuilder text = new StringBuilder("PC %x EL%d memory %d%n".formatted(cpu.pc, cpu.el, Arrays.hashCode(ram.content())));
    Map<String, Object> values = new TreeMap<>(cpu.state().save().values());
    values.forEach((key, value) -> text.append(key).append(' ').append(value instanceof long[] array ? Integer.toHexString(Arrays.hashCode(
        array)) : value).append('\n'));
    return text.toString();
  }

  private void registers() {
    cpu.reset();
    cpu.powerOn(RAM + PROGRAM, 0);
    cpu.begin(0);
    cpu.end();
    cpu.el = 1;
    cpu.spsel = 1;
    cpu.daif = 0x3C0;
    cpu.sys[SysReg.SCTLR_EL1.ordinal()] = SysReg.SCTLR_EL1.reset | 1;
    cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 25 << 16 | 5L << 32;
    cpu.sys[SysReg.MAIR_EL1.ordinal()] = -1;
    cpu.sys[SysReg.TTBR0_EL1.ordinal()] = RAM + TABLES;
    cpu.sys[SysReg.TTBR1_EL1.ordinal()] = RAM + TABLES;
    cpu.sys[SysReg.VBAR_EL1.ordinal()] = RAM + VECTORS;
    cpu.sys[SysReg.HCR_EL2.ordinal()] = 0x8000_0000L;
    cpu.sys[SysReg.CPACR_EL1.ordinal()] = 3 << 20;
    for (int i = 0; i < 31; i++) {
      // The program, its tables and data, by both names.
      cpu.x[i] = i < 8 ? i : RAM + (i % 2 << 30) + (i < 20 ? PROGRAM + 16 * i : i < 24 ? TABLES + 0x2000 + 8 * (i - 20) : 0x4000);
    }
    cpu.sp[1] = RAM + 0x5000;
    cpu.restored();
  }

  /** The engine ends. */
  public void close() {
    engine.close();
  }

  @Override
  public String toString() {
    return name;
  }

  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    return true;
  }
}
