// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.a64.arch.FlatMachine.RAM;
import static org.xenolith.a64.arch.FlatMachine.msr;
import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Stage 2 with pages of 4, 16 and 64 KiB: first levels, tables side by side, faults, and under each granule of stage 1. */
class Stage2GranulesTest {
  private static final Set<Granule> ALL = EnumSet.allOf(Granule.class);
  private static final long STAGE1 = RAM + 0x60_0000;
  private static final long STAGE2 = RAM + 0x80_0000;
  private static final long PA = RAM + 0x20_0000;
  private static final int[] ENCODING = {0, 2, 1};
  /** Level that SL0 = 0 stands for (Arm ARM D8.2.7). */
  private static final int[] LOWEST = {2, 3, 3};
  private static final int PHYSICAL_BITS = 44;
  private FlatMachine machine;
  private Cpu cpu;

  private void power(Set<Granule> granules) {
    machine = new FlatMachine();
    cpu = machine.cpu(CpuConfig.cortexA57(0).withLevels(true, false).withGranules(granules));
  }

  private void use(Granule granule, int inputBits, int startLevel) {
    cpu.enter(2, 1);
    msr(cpu, SysReg.VTTBR_EL2, STAGE2 | 5L << 48);
    msr(cpu, SysReg.VTCR_EL2, 64 - inputBits | LOWEST[granule.ordinal()] - startLevel << 6 | ENCODING[granule.ordinal()] << 14 | 4 << 16);
    msr(cpu, SysReg.HCR_EL2, Hcr.RW | Hcr.VM);
    cpu.enter(1, 1);
  }

  /** The fault status code of a load whose abort EL2 takes. */
  private long fault(long va) {
    assertThrows(GuestFault.class, () -> cpu.memory.read(va, 8));
    cpu.exceptions.takeNoted();
    assertEquals(2, cpu.el);
    cpu.enter(1, 1);
    return cpu.sys(SysReg.ESR_EL2) & 0x3F;
  }

  @Test
  void everyFirstLevelTakesUpToSixteenTablesSideBySide() {
    int legal = 0;
    for (Granule granule : Granule.values()) {
      int stride = granule.shift - 3;
      for (int start = LOWEST[granule.ordinal()]; start >= LOWEST[granule.ordinal()] - 2; start--) {
        for (int bits = 25; bits <= 48; bits++) {
          power(ALL);
          int index = bits - granule.shift - (3 - start) * stride;
          use(granule, bits, start);
          String what = granule + ", level " + start + ", " + bits + " bits";
          long ipa = 0xFEDC_BA98_7654L & (1L << Math.min(bits, 43)) - 1 & -1L << granule.shift;
          if (index < 1 || index > stride + 4 || bits > PHYSICAL_BITS) {
            assertEquals(0x4, fault(ipa), what);
            continue;
          }
          legal++;
          new Tables(machine, granule, bits, start, STAGE2).put(ipa, 3, PA | 0x7FF);
          machine.put(PA + granule.bytes() - 8, legal);
          assertEquals(legal, cpu.memory.read(ipa + granule.bytes() - 8, 8), what);
          if (bits < PHYSICAL_BITS) {
            assertEquals(0x4, fault(1L << bits), what + ": above the range");
          }
        }
      }
    }
    // 4 KiB: 25 to 34 bits, 31 to 43, 40 to 44; 16 KiB: 25 to 29, 26 to 40, 37 to 44; 64 KiB: 25 to 33, 30 to 44, 43 and 44.
    assertEquals(10 + 13 + 5 + 5 + 15 + 8 + 9 + 15 + 2, legal, "combinations of granule, first level and size");
  }

  @Test
  void theFourthEncodingOfTheFirstLevelIsReserved() {
    for (Granule granule : Granule.values()) {
      power(ALL);
      use(granule, 40, LOWEST[granule.ordinal()] - 3);
      assertEquals(0x4, fault(RAM));
    }
  }

  @Test
  void blocksAndFaultsAreThoseOfTheGranule() {
    for (Granule granule : Granule.values()) {
      power(ALL);
      int start = granule == Granule.K64 ? 2 : 1;
      use(granule, 40, start);
      Tables tables = new Tables(machine, granule, 40, start, STAGE2);
      long ipa = 0x12_0000_0000L;
      for (int level = start; level <= 3; level++) {
        assertEquals(0x4 | level, fault(ipa + 8), granule + ": invalid");
        assertEquals(ipa >>> 8, cpu.sys(SysReg.HPFAR_EL2));
        tables.put(ipa, level, 1L << 46 | 0x7FF);
        assertEquals(level, fault(ipa), granule + ": address size");
        long size = 1L << tables.shift(level);
        tables.put(ipa, level, PA & -size | 0x7FD);
        if (level == 2 || level == 1 && granule == Granule.K4) {
          machine.put(PA + 0x50, level);
          assertEquals(level, cpu.memory.read(ipa + (PA & size - 1) + 0x50, 8), granule + ", block of level " + level);
          tables.put(ipa, level, PA & -size | 0x3FD);
          cpu.mmu.invalidateAll(1);
          assertEquals(0x8 | level, fault(ipa), granule + ": never accessed");
        } else {
          assertEquals(0x4 | level, fault(ipa), granule + ": no block at level " + level);
        }
        tables.put(ipa, level, 0);
        if (level < 3) {
          tables.entry(ipa, level + 1);
        }
      }
      tables.put(ipa, 3, PA | 0x77F);
      cpu.memory.read(ipa, 8);
      assertThrows(GuestFault.class, () -> cpu.memory.write(ipa + 0x88, 8, 0));
      cpu.exceptions.takeNoted();
      assertEquals(0xF, cpu.sys(SysReg.ESR_EL2) & 0x3F, "read only");
    }
  }

  @Test
  void everyGranuleOfStage1WorksUnderEveryOneOfStage2() {
    for (Granule first : Granule.values()) {
      for (Granule second : Granule.values()) {
        String what = first + " under " + second;
        power(ALL);
        // RAM is shifted by 1 GiB, in blocks of stage 2 where tables are, in pages where data is.
        int start = second == Granule.K64 ? 2 : 1;
        Tables tables = new Tables(machine, second, 40, start, STAGE2);
        long moved = 1L << 30;
        for (long offset = 0; offset < 0x80_0000; offset += second.bytes()) {
          tables.put(RAM + moved + offset, 3, RAM + offset | 0x7FF);
        }
        Tables stage1 = Tables.stage1(machine, first, 39, STAGE1);
        stage1.put(0x1234_0000L, 3, PA + moved | 0x703);
        for (long at = STAGE1; at < STAGE1 + 0x8_0000; at += 8) {
          if ((machine.get(at) & 3) == 3 && machine.get(at) < RAM + moved) {
            machine.put(at, machine.get(at) + moved);
          }
        }
        msr(cpu, SysReg.TTBR0_EL1, stage1.root + moved);
        msr(cpu, SysReg.TCR_EL1, 25 | (long) ENCODING[first.ordinal()] << 14 | 4L << 32 | 1L << 36 | 1L << 23);
        msr(cpu, SysReg.MAIR_EL1, 0xFF);
        msr(cpu, SysReg.SCTLR_EL1, 0x30D0_0801L);
        use(second, 40, start);
        for (int offset = 0; offset < first.bytes(); offset += 4096) {
          machine.put(PA + offset, offset + 1);
          assertEquals(offset + 1, cpu.memory.read(0x1234_0000L + offset, 8), what);
        }
        long last = first.bytes() - 4096L;
        cpu.enter(2, 1);
        cpu.operations.execute(id(1, 4, 7, 8, 4), 0, 0x1234_0000L + last);
        assertEquals(PA + last, cpu.sys(SysReg.PAR_EL1) & 0xFFFF_FFFF_F001L, what);
        // A page of stage 2 goes: the part of stage 1's page that is in it faults, at its own address, once EL2 says so.
        tables.put(PA + moved + last, 3, 0);
        cpu.enter(1, 1);
        assertEquals(last + 1, cpu.memory.read(0x1234_0000L + last, 8), "stale");
        cpu.enter(2, 1);
        cpu.operations.execute(id(1, 4, 8, 0, 1), 0, PA + moved + last >>> 12);
        cpu.enter(1, 1);
        assertEquals(0x7, fault(0x1234_0000L + last), what);
        assertEquals(PA + moved + last >>> 8, cpu.sys(SysReg.HPFAR_EL2), what);
        if (second.bytes() < first.bytes()) {
          assertEquals(1, cpu.memory.read(0x1234_0000L, 8), what + ": the other parts stay");
        }
      }
    }
  }

  @Test
  void whatIsNotBuiltActsAsTheSmallestThatIs() {
    power(EnumSet.of(Granule.K16));
    use(Granule.K16, 40, 2);
    new Tables(machine, Granule.K16, 40, 2, STAGE2).put(0x5000_0000L, 3, PA | 0x7FF);
    machine.put(PA + 0x3000, 0xAA);
    for (long encoding : new long[] {0, 1, 3}) {
      cpu.enter(2, 1);
      msr(cpu, SysReg.VTCR_EL2, cpu.sys(SysReg.VTCR_EL2) & ~(3L << 14) | encoding << 14);
      cpu.mmu.invalidateAll(1);
      cpu.enter(1, 1);
      assertEquals(0xAA, cpu.memory.read(0x5000_3000L, 8));
    }
  }
}
