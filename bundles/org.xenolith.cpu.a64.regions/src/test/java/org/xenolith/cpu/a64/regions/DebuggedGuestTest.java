// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/**
 * Guests in loops that arm and disarm software step, breakpoints and watchpoints on themselves come to the same state on every engine,
 * however they are cut, exchanged and restored. {@code -Dxenolith.guests=N} and {@code -Dxenolith.firstGuest=SEED} run others.
 */
class DebuggedGuestTest {
  private static final int PARTS = 4;
  private static final int LENGTH = 3000;
  private static final int BREAKPOINT = 0x31;
  private static final int STEP = 0x33;
  private static final int WATCHPOINT = 0x35;

  /** A tame guest with some words replaced by ones that mask and unmask debug exceptions, or control them. */
  private static final class Shape implements RandomGuest.Shape {
    private static final long RAM = 0x4000_0000L;
    private static final int VECTOR = 0xF_0200;
    private static final int UNMASK = 0xD503_48FF;
    private static final int MASK = 0xD503_48DF;
    /** MSR MDSCR_EL1, Xt. */
    private static final int CONTROL = 0xD510_0240;

    private final TameGuest tame = new TameGuest(Covered::is);

    @Override
    public void program(Ram ram, Random random) {
      tame.program(ram, random);
      for (int at = 0; at < 1 << 16; at += 4) {
        if (at % 4096 != 4092 && random.nextInt(25) == 0) {
          ram.write(at, 4, random.nextInt(8) == 0 ? CONTROL | random.nextInt(16) : random.nextInt(3) != 0 ? UNMASK : MASK);
        }
      }
      // MRS X18, SPSR_EL1; EOR X18, X18, #1 << 21; MSR SPSR_EL1, X18; MRS X18, ELR_EL1; ADD X18, X18, #4; MSR ELR_EL1, X18; ERET.
      int[] handler = {0xD538_4012, 0xD26B_0252, 0xD518_4012, 0xD538_4032, 0x9100_1252, 0xD518_4032, 0xD69F_03E0};
      for (int i = 0; i < handler.length; i++) {
        ram.write(VECTOR + 4 * i, 4, handler[i]);
      }
    }

    @Override
    public void registers(Cpu cpu, Random random) {
      tame.registers(cpu, random);
      set(cpu, SysReg.OSLSR_EL1, 8);
      set(cpu, SysReg.OSDLR_EL1, 0);
      set(cpu, SysReg.MDCR_EL2, 0);
      set(cpu, SysReg.MDCR_EL3, 0);
      set(cpu, SysReg.MDSCR_EL1, 1 << 13 | (random.nextInt(4) != 0 ? 1 << 15 : 0) | (random.nextInt(3) == 0 ? 1 : 0));
      for (int n = 0; n < 6; n++) {
        // Half of them are where the guest begins: few of the others are come to.
        set(cpu, SysReg.valueOf("DBGBVR" + n + "_EL1"),
            n % 2 == 0 ? cpu.pc + 4 * random.nextInt(32) : (cpu.pc & -4096) + random.nextInt(4096) & -4);
        set(cpu, SysReg.valueOf("DBGBCR" + n + "_EL1"), 0xF << 5 | 3 << 1 | random.nextInt(2));
      }
      for (int n = 0; n < 4; n++) {
        set(cpu, SysReg.valueOf("DBGWVR" + n + "_EL1"), cpu.x[20 + n] + random.nextInt(64) & -1L << 6);
        set(cpu, SysReg.valueOf("DBGWCR" + n + "_EL1"), 6L << 24 | 0xFF << 5 | random.nextInt(4) << 3 | 3 << 1 | random.nextInt(2));
      }
      cpu.daif = random.nextBoolean() ? 0x3C0 : 0x1C0;
      cpu.restored();
    }

    private static void set(Cpu cpu, SysReg reg, long value) {
      cpu.sys[reg.ordinal()] = value;
    }
  }

  private final AtOnce atOnce = new AtOnce();
  private final CpuEngineFactory regions = cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(false, atOnce), 1);
  private final CpuEngineFactory lockstep = cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(true, atOnce), 1);
  private final TreeSet<Integer> classes = new TreeSet<>();

  @Test
  void enginesAgreeWhileDebugExceptionsComeAndGo() {
    long first = Long.getLong("xenolith.firstGuest", 1);
    int guests = GuestCount.of(60, 30);
    for (long seed = first; seed < first + guests; seed++) {
      String expected = outcome(seed, Interpreter::on, false);
      assertEquals(expected, outcome(seed, Interpreter::on, true), "cut, seed " + seed);
      assertEquals(expected, outcome(seed, regions, false), "regions, seed " + seed);
      assertEquals(expected, outcome(seed, regions, true), "regions, cut, seed " + seed);
      outcome(seed, lockstep, false);
      look(seed);
    }
    assertTrue(classes.containsAll(Arrays.asList(BREAKPOINT, STEP, WATCHPOINT)), () -> "exceptions of classes " + classes);
    assertTrue(atOnce.done > 5 * guests, "regions: " + atOnce.done);
  }

  /** Which exceptions a guest takes: most are soon followed by another one. */
  private void look(long seed) {
    RandomGuest guest = new RandomGuest(seed, new Shape(), Interpreter::on);
    for (int at = 5; at <= PARTS * LENGTH; at += 5) {
      guest.runTo(at, null);
      classes.add((int) (guest.cpu().sys[SysReg.ESR_EL1.ordinal()] >>> 26));
    }
  }

  private String outcome(long seed, CpuEngineFactory engine, boolean cuts) {
    RandomGuest guest = new RandomGuest(seed, new Shape(), engine);
    Random cut = new Random(seed + 1);
    for (int part = 1; part <= PARTS; part++) {
      if (cuts) {
        guest.runTo(part * LENGTH - 1 - cut.nextInt(LENGTH - 1), cut);
        if (cut.nextBoolean()) {
          guest.exchangeEngine();
        } else {
          guest.restore();
        }
      }
      guest.runTo((long) part * LENGTH, cuts ? cut : null);
    }
    StringBuilder text = new StringBuilder("PC %x EL%d device %d memory %d%n".formatted(guest.cpu().pc, guest.cpu().el, guest
        .deviceDigest(),
        guest.memoryDigest()));
    Map<String, Object> values = new TreeMap<>(guest.cpu().state().save().values());
    values.forEach((name, value) -> text.append(name).append(' ').append(value instanceof long[] array
        ? Integer.toHexString(Arrays.hashCode(array)) : value instanceof Long number ? Long.toHexString(number) : value).append('\n'));
    return text.toString();
  }
}
