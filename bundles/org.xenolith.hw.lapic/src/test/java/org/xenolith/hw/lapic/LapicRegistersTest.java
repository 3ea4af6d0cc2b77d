// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.lapic.LapicBench.APIC_BASE;
import static org.xenolith.hw.lapic.LapicBench.ESR;
import static org.xenolith.hw.lapic.LapicBench.LVT_ERROR;
import static org.xenolith.hw.lapic.LapicBench.LVT_LINT0;
import static org.xenolith.hw.lapic.LapicBench.LVT_TIMER;
import static org.xenolith.hw.lapic.LapicBench.MASKED;
import static org.xenolith.hw.lapic.LapicBench.SVR;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeNode;

/** Registers in both modes, and the ways between them. */
class LapicRegistersTest {
  private static final long BASE = 0xFEE0_0000L;
  private static final int ENABLED = 0x800;
  private static final int EXTENDED = 0x400;

  private final LapicBench bench = new LapicBench(LapicBench.node(), 2, i -> i == 0 ? 0 : 0x25);

  /** SDM volume 3, 12.4.7.1. */
  @Test
  void afterResetItIsAnXapicThatSoftwareHasNotEnabled() {
    assertEquals(BASE | ENABLED | 0x100, bench.rdmsr(0, APIC_BASE), "the bootstrap processor");
    assertEquals(BASE | ENABLED, bench.rdmsr(1, APIC_BASE));
    assertEquals(0x2500_0000, bench.read(1, LapicBench.ID));
    assertEquals(0x0105_0014, bench.read(1, 0x30), "six LVT entries, EOI broadcasts can be suppressed");
    assertEquals(0xFF, bench.read(1, SVR));
    assertEquals(0xFFFF_FFFFL, bench.read(1, LapicBench.DFR));
    for (int entry = LVT_TIMER; entry <= LVT_ERROR; entry += 0x10) {
      assertEquals(MASKED, bench.read(1, entry));
    }
    for (int zero : new int[] {0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0x100, 0x1F0, 0x270, 0x280, 0x300, 0x310, 0x380, 0x390, 0x3E0}) {
      assertEquals(0, bench.read(1, zero), Integer.toHexString(zero));
    }
    assertTrue(bench.cpu(1).controller().enabled());
    assertFalse(bench.interrupt(1));
    assertEquals(List.of(), bench.context().reportedFaults());
  }

  @Test
  void eachCpuReachesItsOwn() {
    bench.write(0, 0x80, 0x30);
    bench.write(1, 0x80, 0x50);
    assertEquals(0x30, bench.read(0, 0x80));
    assertEquals(0x50, bench.read(1, 0x80));
    assertEquals(5, bench.cpu(1).controller().taskPriority());
  }

  @Test
  void whileDisabledBySoftwareLocalInterruptsStayMasked() {
    bench.write(0, LVT_LINT0, 0x700);
    assertEquals(MASKED | 0x700, bench.read(0, LVT_LINT0));
    bench.write(0, SVR, 0x1FF);
    bench.write(0, LVT_LINT0, 0x700);
    bench.write(0, LVT_TIMER, 0x2_0040);
    assertEquals(0x700, bench.read(0, LVT_LINT0));
    bench.write(0, SVR, 0xFF);
    assertEquals(MASKED | 0x700, bench.read(0, LVT_LINT0), "12.4.7.2: the mask bits are set");
    assertEquals(MASKED | 0x2_0040, bench.read(0, LVT_TIMER));
    bench.write(0, SVR, 0x1FF);
    assertEquals(MASKED | 0x700, bench.read(0, LVT_LINT0), "software clears them");
  }

  @Test
  void aReservedRegisterIsAnErrorInXapicMode() {
    for (int reserved : new int[] {0x000, 0x010, 0x040, 0x290, 0x2F0, 0x3A0, 0x3F0, 0x400, 0xFF0}) {
      assertEquals(0, bench.read(0, reserved));
      assertEquals(0, bench.read(0, ESR), "not before it is written");
      bench.write(0, ESR, 0);
      assertEquals(0x80, bench.read(0, ESR), Integer.toHexString(reserved));
      bench.write(0, reserved, 1);
      bench.write(0, ESR, 0);
      assertEquals(0x80, bench.read(0, ESR), Integer.toHexString(reserved));
      bench.write(0, ESR, 0);
      assertEquals(0, bench.read(0, ESR));
    }
    assertFalse(bench.context().reportedFaults().isEmpty());
  }

  @Test
  void beyondThePageThereIsNothing() {
    assertEquals(0xFFFF_FFFFL, bench.read(0, 0x1000));
    assertEquals(0xFFFF_FFFFL, bench.read(0, 0xF_F080));
    bench.write(0, 0x1080, 0x30);
    bench.write(0, ESR, 0);
    assertEquals(0, bench.read(0, ESR));
    assertEquals(0, bench.read(0, 0x80));
    assertEquals(3, bench.context().reportedFaults().size());
  }

  @Test
  void theFirstErrorAfterAWriteToEsrIsAnInterrupt() {
    bench.write(0, SVR, 0x1FF);
    bench.write(0, LVT_ERROR, 0xFE);
    bench.read(0, 0x000);
    assertEquals(0xFE, bench.acknowledge(0));
    bench.write(0, LapicBench.EOI, 0);
    bench.read(0, 0x000);
    assertFalse(bench.interrupt(0), "the write arms it again");
    bench.write(0, ESR, 0);
    bench.read(0, 0x000);
    assertTrue(bench.interrupt(0));
    assertEquals(0x80, bench.read(0, ESR));
    bench.write(0, ESR, 0);
    bench.write(0, LVT_ERROR, 0x01);
    bench.read(0, 0x000);
    bench.write(0, ESR, 0);
    assertEquals(0xC0, bench.read(0, ESR), "its own vector is illegal");
  }

  /** SDM volume 3, 12.4.4 and 12.4.5. */
  @Test
  void softwareMovesTheRegisters() {
    bench.wrmsr(0, APIC_BASE, 0xFED4_0000L | ENABLED);
    assertEquals(0xFED4_0000L | ENABLED | 0x100, bench.rdmsr(0, APIC_BASE));
    assertEquals(0xFED4_0000L, bench.cpu(0).placed());
    assertEquals(BASE | ENABLED, bench.rdmsr(1, APIC_BASE), "each CPU's are its own");
    bench.wrmsr(0, APIC_BASE, 0xFED4_0000L | ENABLED | EXTENDED);
    assertEquals(BASE, bench.cpu(0).placed(), "no registers in memory: nothing is hidden");
    bench.wrmsr(0, APIC_BASE, 0xFED4_0000L);
    bench.wrmsr(0, APIC_BASE, BASE | ENABLED);
    assertEquals(BASE, bench.cpu(0).placed());
    assertEquals(List.of(), bench.context().reportedFaults());
  }

  @Test
  void reservedBitsOfTheBaseAreRefused() {
    for (int bit = 0; bit < 64; bit++) {
      // The CPU's physical addresses have 40 bits.
      if (bit < 8 || bit == 9 || bit >= 40) {
        bench.refusesWrite(0, APIC_BASE, BASE | ENABLED | 1L << bit);
      }
    }
    bench.wrmsr(0, APIC_BASE, BASE | ENABLED | 0x100);
    bench.wrmsr(0, APIC_BASE, 1L << 39 | ENABLED);
    assertEquals(1L << 39, bench.cpu(0).placed());
  }

  /** SDM volume 3, figure 12-27. */
  @Test
  void onlyLegalChangesOfTheModeAreTaken() {
    bench.refusesWrite(0, APIC_BASE, BASE | EXTENDED);
    bench.wrmsr(0, APIC_BASE, BASE | ENABLED);
    bench.wrmsr(0, APIC_BASE, BASE | ENABLED | EXTENDED);
    assertEquals(BASE | ENABLED | EXTENDED | 0x100, bench.rdmsr(0, APIC_BASE), "the bootstrap flag stays");
    bench.wrmsr(0, APIC_BASE, BASE | ENABLED | EXTENDED);
    bench.refusesWrite(0, APIC_BASE, BASE | ENABLED);
    bench.refusesWrite(0, APIC_BASE, BASE | EXTENDED);
    assertEquals(BASE | ENABLED | EXTENDED | 0x100, bench.rdmsr(0, APIC_BASE));
    bench.wrmsr(0, APIC_BASE, BASE);
    assertFalse(bench.cpu(0).controller().enabled());
    bench.refusesWrite(0, APIC_BASE, BASE | EXTENDED);
    bench.refusesWrite(0, APIC_BASE, BASE | ENABLED | EXTENDED);
    bench.wrmsr(0, APIC_BASE, BASE);
    bench.wrmsr(0, APIC_BASE, BASE | ENABLED);
    assertTrue(bench.cpu(0).controller().enabled());
    bench.wrmsr(0, APIC_BASE, BASE);
  }

  @Test
  void disablingLosesAllState() {
    bench.write(0, SVR, 0x1FF);
    bench.write(0, 0x80, 0x20);
    bench.message(0, 0x99);
    assertTrue(bench.interrupt(0));
    bench.wrmsr(0, APIC_BASE, BASE);
    assertFalse(bench.interrupt(0));
    assertEquals(0xFFFF_FFFFL, bench.read(0, SVR), "there are no registers");
    bench.write(0, SVR, 0x1FF);
    bench.message(0, 0x99);
    bench.wrmsr(0, APIC_BASE, BASE | ENABLED);
    assertEquals(0xFF, bench.read(0, SVR));
    assertEquals(0, bench.read(0, 0x80));
    assertEquals(List.of(), bench.requested(0));
    assertEquals(0, bench.read(0, LapicBench.ID));
  }

  /** SDM volume 3, table 12-6: the number is the offset's 11:4. */
  @Test
  void inX2apicModeRegistersAreModelSpecificOnes() {
    bench.refusesRead(1, 0x802);
    bench.write(1, 0x80, 0x40);
    bench.x2apic(1);
    assertEquals(0x25, bench.rdmsr(1, 0x802), "all 32 bits");
    assertEquals(0x0105_0014, bench.rdmsr(1, 0x803));
    assertEquals(0x40, bench.rdmsr(1, 0x808), "state is kept");
    assertEquals(0x0002_0020, bench.rdmsr(1, 0x80D), "cluster 2, bit 5");
    assertEquals(0xFFFF_FFFFL, bench.read(1, 0x80), "no registers in memory");
    bench.wrmsr(1, 0x808, 0x50);
    assertEquals(0x50, bench.rdmsr(1, 0x80A));
    bench.wrmsr(1, 0x80F, 0x11F0);
    assertEquals(0x11F0, bench.rdmsr(1, 0x80F));
    bench.wrmsr(1, 0x830, 0x1234_5678_0000_0500L);
    assertEquals(0x1234_5678_0000_0500L, bench.rdmsr(1, 0x830));
    assertEquals(List.of(), bench.cpu(1).told, "INIT to nobody");
    bench.wrmsr(1, 0x837, 0xFE);
    assertEquals(0xFE, bench.rdmsr(1, 0x837));
  }

  @Test
  void whatThereIsNotInX2apicModeIsRefused() {
    bench.x2apic(0);
    String readable =
        "802 803 808 80A 80D 80F 810 811 812 813 814 815 816 817 818 819 81A 81B 81C 81D 81E 81F 820 821 822 823 824 825 826 827 "
            + "828 830 832 833 834 835 836 837 838 839 83E ";
    String writable = "808 80B 80F 828 830 832 833 834 835 836 837 838 83E 83F ";
    for (int msr = 0x800; msr < 0x840; msr++) {
      String number = "%X ".formatted(msr);
      if (readable.contains(number)) {
        bench.rdmsr(0, msr);
      } else {
        bench.refusesRead(0, msr);
      }
      if (!writable.contains(number)) {
        bench.refusesWrite(0, msr, 0);
      } else if (msr != 0x83F) {
        bench.wrmsr(0, msr, 0);
      }
    }
  }

  @Test
  void reservedBitsInX2apicModeAreRefused() {
    bench.x2apic(0);
    long[][] masks = {{0x808, 0xFF}, {0x80B, 0}, {0x80F, 0x11FF}, {0x828, 0}, {0x830, 0xFFFF_FFFF_000C_CFFFL}, {0x832, 0x7_10FF}, {0x833,
        0x1_17FF}, {0x834, 0x1_17FF}, {0x835, 0x1_F7FF}, {0x836, 0x1_F7FF}, {0x837, 0x1_10FF}, {0x838, 0xFFFF_FFFFL}, {0x83E, 0xB}, {0x83F,
            0xFF}};
    for (long[] mask : masks) {
      for (int bit = 0; bit < 64; bit++) {
        if ((mask[1] >> bit & 1) == 0) {
          bench.refusesWrite(0, (int) mask[0], 1L << bit);
        }
      }
    }
  }

  @Test
  void optionsTakeWhatSomeProcessorsLack() {
    LapicBench old = new LapicBench(LapicBench.node().option("x2apic", "false").option("tsc-deadline", "false"), 1, i -> 0);
    assertFalse(old.cpu(0).controller().x2apic());
    assertFalse(old.cpu(0).controller().deadline());
    assertFalse(old.cpu(0).has(LapicBench.DEADLINE));
    old.refusesWrite(0, APIC_BASE, BASE | ENABLED | EXTENDED);
    old.write(0, SVR, 0x1FF);
    old.write(0, LVT_TIMER, 0x4_0040);
    assertEquals(0x40, old.read(0, LVT_TIMER));
    assertTrue(bench.cpu(0).controller().x2apic() && bench.cpu(0).controller().deadline());
  }

  @Test
  void whatANodeMustHaveIsSaid() {
    FakeNode page = FakeNode.at(LapicBench.PATH).window(BASE, 0x1000);
    ModelException small = assertThrows(ModelException.class, () -> new LapicBench(page, 1, i -> i));
    assertTrue(small.getMessage().contains(LapicBench.PATH + ": reg: expected one entry of 0x100000"), small.getMessage());
    ModelException slow = assertThrows(ModelException.class, () -> new LapicBench(LapicBench.node().cells("clock-frequency", 0), 1,
        i -> i));
    assertTrue(slow.getMessage().contains("expected 1 to 4294967295 Hz, got 0"), slow.getMessage());
  }
}
