// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.x64.isa.Feature;

/** Writes of control, debug and model-specific registers, and CPUID (Intel SDM volume 3, 2.5 and 10.8.5; volume 4). */
class ControlRegistersTest {
  private static final int EFER = 0xC000_0080;
  private static final int LSTAR = 0xC000_0082;
  private static final int KERNEL_GS_BASE = 0xC000_0102;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  private void refused(Executable write) {
    assertThrows(CpuFault.class, write);
    assertEquals(ExceptionVector.GP, cpu.faultVector);
    assertEquals(0, cpu.faultError);
  }

  @Test
  void pagingNeedsProtection() {
    refused(() -> cpu.controls.cr0(ControlBits.PG));
    refused(() -> cpu.controls.cr0(ControlBits.PE | ControlBits.NW));
    refused(() -> cpu.controls.cr0(ControlBits.PE | 1L << 32));
    cpu.controls.cr0(ControlBits.PE);
    assertEquals(ControlBits.PE | ControlBits.ET, cpu.cr0);
  }

  /** SDM volume 3, 10.8.5.1. */
  @Test
  void longModeIsEnteredInItsOrder() {
    machine.longMode();
    machine.reset();
    machine.ram.write(0x1000, 8, 0x2000 | 7);
    cpu.msrs.write(EFER, ControlBits.LME);
    assertEquals(ControlBits.LME, cpu.efer);
    cpu.controls.write(3, 0x1000);
    refused(() -> cpu.controls.cr0(ControlBits.PE | ControlBits.PG));
    cpu.controls.write(4, ControlBits.PAE);
    cpu.controls.cr0(ControlBits.PE | ControlBits.PG);
    assertEquals(ControlBits.LME | ControlBits.LMA, cpu.efer);
    refused(() -> cpu.msrs.write(EFER, 0));
    refused(() -> cpu.controls.write(4, 0));
    cpu.controls.cr0(ControlBits.PE);
    assertEquals(ControlBits.LME, cpu.efer);
    cpu.msrs.write(EFER, 0);
  }

  @Test
  void reservedBitsAreRefused() {
    machine.longMode();
    refused(() -> cpu.controls.write(4, cpu.cr4 | 1L << 40));
    refused(() -> cpu.controls.write(4, cpu.cr4 | 1 << 13));
    refused(() -> cpu.controls.write(3, 1L << 51));
    refused(() -> cpu.controls.write(3, 1L << 63));
    refused(() -> cpu.controls.write(8, 16));
    refused(() -> cpu.msrs.write(EFER, cpu.efer | 1 << 4));
  }

  @Test
  void identifiersAreForLongModeAndBeginAtZero() {
    refused(() -> cpu.controls.write(4, ControlBits.PCIDE));
    machine.longMode();
    cpu.cr3 |= 5;
    refused(() -> cpu.controls.write(4, cpu.cr4 | ControlBits.PCIDE));
    cpu.cr3 &= -4096;
    cpu.controls.write(4, cpu.cr4 | ControlBits.PCIDE);
    refused(() -> cpu.controls.cr0(ControlBits.PE));
  }

  @Test
  void addressesInModelSpecificRegistersAreCanonical() {
    machine.longMode();
    for (int msr : new int[] {LSTAR, KERNEL_GS_BASE, 0xC000_0100, 0xC000_0101, 0x175, 0x176}) {
      refused(() -> cpu.msrs.write(msr, 1L << 47));
      cpu.msrs.write(msr, -1L << 47);
      assertEquals(-1L << 47, cpu.msrs.read(msr), Integer.toHexString(msr));
    }
    // What Linux and firmware write there is found again; the manual's reserved bits are refused.
    cpu.msrs.write(0x1A0, 0x4_00C5_1889L);
    assertEquals(0x4_00C5_1889L, cpu.msrs.read(0x1A0));
    refused(() -> cpu.msrs.write(0x1A0, 2));
    refused(() -> cpu.msrs.write(0x1A0, 1L << 63));
    refused(() -> cpu.msrs.read(0x12345));
    refused(() -> cpu.msrs.write(0x12345, 0));
    refused(() -> cpu.msrs.write(0x277, 0x02));
    cpu.msrs.write(0x277, 0x0605_0401_0007_0406L);
  }

  @Test
  void debugRegistersHaveTheirFixedBits() {
    machine.longMode();
    assertEquals(0xFFFF_0FF0L, cpu.controls.debug(6));
    assertEquals(0x400, cpu.controls.debug(7));
    cpu.controls.debug(0, 0x1234_5678_9ABCL);
    assertEquals(0x1234_5678_9ABCL, cpu.controls.debug(0));
    refused(() -> cpu.controls.debug(7, 1L << 32));
    cpu.cr4 |= ControlBits.DE;
    assertThrows(CpuFault.class, () -> cpu.controls.debug(4));
    assertEquals(ExceptionVector.UD, cpu.faultVector);
    cpu.controls.debug(7, 1 << 13);
    assertThrows(CpuFault.class, () -> cpu.controls.debug(0));
    assertEquals(ExceptionVector.DB, cpu.faultVector, "general detect");
    assertEquals(1 << 13, cpu.dr[6] & 1 << 13);
  }

  /** Software may enable breakpoints on ports before or behind CR4.DE, which says that there are such (Intel SDM volume 3, 18.2.4). */
  @Test
  void breakpointsOnPortsBeginAndEndWithDe() {
    machine.longMode();
    cpu.controls.debug(0, 0x70);
    cpu.controls.debug(7, 1 | 2 << 16);
    cpu.controls.write(4, cpu.cr4 | ControlBits.DE);
    cpu.breakpoints.port(0x70, 1);
    assertEquals(1, cpu.breakpoints.hit);
    cpu.breakpoints.hit = 0;
    cpu.controls.write(4, cpu.cr4 & ~ControlBits.DE);
    cpu.breakpoints.port(0x70, 1);
    assertEquals(0, cpu.breakpoints.hit);
  }

  @Test
  void extendedStateIsThatOfX87AndSse() {
    machine.longMode();
    cpu.controls.xcr0(0, 1);
    cpu.controls.xcr0(0, 3);
    refused(() -> cpu.controls.xcr0(0, 2));
    refused(() -> cpu.controls.xcr0(0, 7));
    refused(() -> cpu.controls.xcr0(1, 3));
    assertEquals(3, cpu.xcr0);
  }

  @Test
  void noAvxIsAnnouncedAndWhatIsThereIs() {
    assertTrue(cpu.model.has(Feature.SSE4_2));
    assertFalse(java.util.Arrays.stream(Feature.values()).anyMatch(each -> each.name().startsWith("AVX")));
  }

  /** What a bus is told of an access. */
  @Test
  void onlyLevelThreeIsUnprivileged() {
    for (int level = 0; level < 4; level++) {
      cpu.cpl = level;
      assertEquals(level < 3, cpu.privileged(), "level " + level);
    }
  }
}
