// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.a64.arch.FlatMachine.RAM;
import static org.xenolith.a64.arch.FlatMachine.msr;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;

/** Accesses that who looks into the machine watches: told under any name that memory has, and no others. */
class WatchedAccessTest {
  private static final long VA = 0x5000_0000L;
  private static final long PA = RAM + 0x20_0000;
  private static final long TOP_BYTE_IGNORED = 1L << 37;
  /** MDE and KDE. */
  private static final long MONITOR = 1 << 15 | 1 << 13;
  /** Any access of EL1 or EL0 to eight bytes. */
  private static final long ANY_ACCESS = 1 | 3 << 1 | 3 << 3 | 0xFF << 5;

  private final List<String> told = new ArrayList<>();
  private FlatMachine machine;
  private Cpu cpu;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
    machine.enableMmu(cpu);
    machine.map(VA, PA, 0);
  }

  private void watch(Kind kind, Space space, long first, long length) {
    cpu.points.set(List.of(new WatchedAddress(kind, space, first, length)), (which, watched, address, size, write) -> told.add("0x%x %d %s"
        .formatted(address, size, write)));
    cpu.debugPointsChanged();
  }

  @Test
  void aWatchedPageHasNoTagsUnderATaggedNameEither() {
    msr(cpu, SysReg.TCR_EL1, cpu.sys(SysReg.TCR_EL1) | TOP_BYTE_IGNORED);
    watch(Kind.ACCESS, Space.PROCESSOR, VA + 8, 8);
    long tagged = VA | 0x5AL << 56;
    cpu.memory.read(tagged, 8);
    assertNotEquals(tagged | cpu.readContext, cpu.data[Cpu.tlbIndex(VA)].read);
    assertEquals(List.of(), told, "another word");
    cpu.memory.write(tagged + 8, 8, 1);
    assertEquals(List.of("0x50000008 8 true"), told);
  }

  @Test
  void anAccessAcrossTheEndOfAPageIsToldOfTheBytesThatItMakes() {
    machine.map(VA + 0x1000, PA + 0x8000, 0);
    watch(Kind.READ, Space.PHYSICAL, PA + 0x1000, 8);
    cpu.memory.read(VA + 0xFFC, 8);
    assertEquals(List.of(), told, "the frame behind isn't what is mapped there");
    watch(Kind.READ, Space.PHYSICAL, PA + 0x8000, 1);
    cpu.memory.read(VA + 0xFFC, 8);
    assertEquals(List.of("0x%x 1 false".formatted(PA + 0x8000)), told);
  }

  @Test
  void whatTheGuestsOwnWatchpointStopsIsNotMade() {
    msr(cpu, SysReg.OSLAR_EL1, 0);
    cpu.daif = 0;
    msr(cpu, SysReg.MDSCR_EL1, MONITOR);
    cpu.sys[SysReg.DBGWVR0_EL1.ordinal()] = VA;
    cpu.sys[SysReg.DBGWCR0_EL1.ordinal()] = ANY_ACCESS;
    cpu.debug.configure();
    cpu.debug.select();
    watch(Kind.ACCESS, Space.PROCESSOR, VA, 16);
    assertThrows(GuestFault.class, () -> cpu.memory.read(VA, 8));
    assertEquals(List.of(), told);
    cpu.memory.read(VA + 8, 8);
    assertEquals(List.of("0x50000008 8 false"), told);
  }
}
