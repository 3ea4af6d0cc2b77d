// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.hw.amdvi.AmdViRig.READ;
import static org.xenolith.hw.amdvi.AmdViRig.TABLES;
import static org.xenolith.hw.amdvi.AmdViRig.WRITE;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;

class AmdViTranslationTest {
  private static final long FAULT = 2L << 60;
  private static final long W = 1L << 53;
  private static final long PRESENT = 1L << 52;
  private static final long PERMISSION = 1L << 54;
  private static final long RESERVED = 1L << 55;
  private final AmdViRig rig = new AmdViRig().start();

  private void page(int index, long entry) {
    rig.memory().write(TABLES + 8L * index, 8, entry | 1);
  }

  @Test
  void translatesWhatIsMapped() {
    rig.translated(5, 1, 9);
    page(3, 0x8_0000_0000L | READ | WRITE);
    page(4, 0x9_0000_0000L | READ);
    rig.passes(5, 0x3123, true, 0x8_0000_0123L);
    rig.passes(5, 0x4FFF, false, 0x9_0000_0FFFL);
    rig.faults(5, 0x4008, true, FAULT | W | PRESENT | PERMISSION | 9L << 32 | 5, 0x4008);
    rig.faults(5, 0x5000, true, FAULT | W | 9L << 32 | 5, 0x5000);
    rig.faults(5, 1L << 21, false, FAULT | 9L << 32 | 5, 1L << 21);
    page(6, 3 << 9 | READ);
    rig.faults(5, 0x6000, false, FAULT | PRESENT | RESERVED | 9L << 32 | 5, 0x6000);
  }

  /** Of 4 KiB, 2 MiB and 1 GiB, on both sides of 4 GiB: what a driver maps has nothing to do with where the machine has its memory. */
  @Test
  void addressesAbove4GiBGoToMemoryAbove4GiB() {
    rig.translated(5, 3, 9);
    page(4, TABLES + 0x1000 | 2 << 9 | READ | WRITE);
    rig.memory().write(TABLES + 0x1000 + 8 * 0x11A, 8, TABLES + 0x2000 | 1 << 9 | READ | WRITE | 1);
    rig.memory().write(TABLES + 0x2000 + 8 * 0x56, 8, 0x1_7FFF_F000L | READ | WRITE | 1);
    rig.memory().write(TABLES + 0x1000 + 8, 8, 0xF_FFE0_0000L | READ | WRITE | 1);
    page(5, 0xF_C000_0000L | READ | WRITE);
    rig.passes(5, 0x1_2345_6789L, true, 0x1_7FFF_F789L);
    rig.passes(5, 0x1_003F_FFFFL, true, 0xF_FFFF_FFFFL);
    rig.passes(5, 0x1_7FFF_FFF8L, false, 0xF_FFFF_FFF8L);
    // The same 32 bits lead nowhere below 4 GiB.
    rig.faults(5, 0x2345_6000, true, FAULT | W | 9L << 32 | 5, 0x2345_6000);
    rig.faults(5, 0x1_2345_7000L, true, FAULT | W | 9L << 32 | 5, 0x1_2345_7000L);
  }

  @Test
  void entriesOfDevicesDecide() {
    rig.passes(7, 0x1234, true, 0x1234);
    rig.device(7, 1, 3, 0);
    rig.faults(7, 0x1000, false, FAULT | 3L << 32 | 7, 0x1000);
    rig.device(7, 3 | READ, 3, 0);
    rig.passes(7, 0x1000, false, 0x1000);
    rig.faults(7, 0x1000, true, FAULT | W | PRESENT | PERMISSION | 3L << 32 | 7, 0x1000);
    rig.device(7, 3 | 7 << 9, 3, 0);
    rig.faults(7, 0x1000, true, 1L << 60 | W | RESERVED | 7, 0x1000);
    rig.faults(256, 0x1000, true, 1L << 60 | W | 256, 0x1000);
    rig.write(0x00, 0x1000);
    rig.faults(8, 0x1000, false, 3L << 60 | 1L << 57 | 8, 0x1000 + 32 * 8);
  }

  @Test
  void tablesThatAreNowhereAreErrors() {
    rig.device(5, 3 | 1 << 9 | 0x2000 | READ | WRITE, 9, 0);
    rig.faults(5, 0x3000, true, 4L << 60 | W | 1L << 57 | 9L << 32 | 5, 0x2000 + 3 * 8);
  }

  @Test
  void faultsAreSuppressed() {
    rig.device(5, 3 | 1 << 9 | TABLES | READ | WRITE, 9 | 1L << 33, 0);
    rig.faults(5, 0x3000, false, FAULT | 9L << 32 | 5, 0x3000);
    assertThrows(ExternalAbort.class, () -> rig.translate(5, 0x3000, false));
    rig.noEvent();
    rig.device(5, 3 | 1 << 9 | TABLES | READ | WRITE, 9 | 1L << 34, 0);
    assertThrows(ExternalAbort.class, () -> rig.translate(5, 0x3000, false));
    rig.noEvent();
  }

  @Test
  void exclusionRangePasses() {
    rig.translated(5, 1, 9);
    rig.write(AmdViRig.EXCLUSION, 0x7000 | 3);
    rig.write(AmdViRig.EXCLUSION + 8, 0x8000);
    rig.passes(5, 0x8FFF, true, 0x8FFF);
    rig.faults(5, 0x9000, true, FAULT | W | 9L << 32 | 5, 0x9000);
    rig.write(AmdViRig.EXCLUSION, 0x7000 | 1);
    rig.faults(5, 0x8000, true, FAULT | W | 9L << 32 | 5, 0x8000);
  }

  @Test
  void offMeansThrough() {
    rig.translated(5, 1, 9);
    rig.write(AmdViRig.CONTROL, 0);
    rig.passes(5, 0x5_0000_0000L, true, 0x5_0000_0000L);
  }

  @Test
  void whatIsKeptGoesWithItsCommandOnly() {
    rig.translated(5, 2, 9);
    page(0, TABLES + 0x1000 | 1 << 9 | READ | WRITE);
    page(1, 0x4000_0000L | READ | WRITE);
    rig.memory().write(TABLES + 0x1000 + 8 * 3, 8, 0x8_0000_0000L | READ | WRITE | 1);
    rig.passes(5, 0x3000, true, 0x8_0000_0000L);
    rig.passes(5, 0x20_5000, true, 0x4000_5000L);
    rig.memory().write(TABLES + 0x1000 + 8 * 3, 8, 0);
    page(1, 0);
    rig.passes(5, 0x3000, true, 0x8_0000_0000L);
    rig.command(3L << 60 | 8L << 32, 0x7FFF_FFFF_FFFF_F001L);
    rig.passes(5, 0x3000, true, 0x8_0000_0000L);
    rig.command(3L << 60 | 9L << 32, 0x4000);
    rig.passes(5, 0x3000, true, 0x8_0000_0000L);
    rig.command(3L << 60 | 9L << 32, 0x3000);
    rig.faults(5, 0x3000, true, FAULT | W | 9L << 32 | 5, 0x3000);
    rig.passes(5, 0x20_5000, true, 0x4000_5000L);
    rig.command(3L << 60 | 9L << 32, 0x20_0000);
    assertThrows(ExternalAbort.class, () -> rig.translate(5, 0x20_5000, false), "the whole large page goes");
  }

  @Test
  void rangesAndAllAreInvalidated() {
    rig.translated(5, 1, 9);
    for (long range : new long[] {3L << 60 | 9L << 32, 8L << 60}) {
      page(6, 0x8_0000_0000L | READ);
      rig.passes(5, 0x6000, false, 0x8_0000_0000L);
      page(6, 0);
      rig.memory().write(TABLES + 8 * 6, 8, 0);
      // Of 16 KiB from 0x4000 on.
      rig.command(range, 0x4000 | 0x1000 | 1);
      assertThrows(ExternalAbort.class, () -> rig.translate(5, 0x6000, false));
    }
    page(6, 0x8_0000_0000L | READ);
    rig.passes(5, 0x6000, false, 0x8_0000_0000L);
    rig.memory().write(TABLES + 8 * 6, 8, 0);
    rig.command(3L << 60 | 9L << 32, 0x7FFF_FFFF_FFFF_F001L);
    assertThrows(ExternalAbort.class, () -> rig.translate(5, 0x6000, false));
  }

  @Test
  void handOverGoesOnFromMemory() {
    rig.translated(5, 1, 9);
    page(3, 0x8_0000_0000L | READ | WRITE);
    rig.passes(5, 0x3000, true, 0x8_0000_0000L);
    page(3, 0x9_0000_0000L | READ | WRITE);
    rig.handOver();
    rig.passes(5, 0x3000, true, 0x9_0000_0000L);
    rig.command(1L << 60 | 1 | AmdViRig.INTERRUPTS, 77);
    assertEquals(77, rig.memory().read(AmdViRig.INTERRUPTS, 8));
    rig.faults(5, 0x5000, true, FAULT | W | 9L << 32 | 5, 0x5000);
  }
}
