// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.arch.FlatMachine.RAM;
import static org.xenolith.a64.arch.FlatMachine.msr;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accesses off the inline path, and the exclusive monitor. */
class MemoryTest {
  private static final long VA = 0x5000_0000L;
  private static final long PA = RAM + 0x20_0000;
  private static final long DEVICE_VA = 0x6000_0000L;
  private FlatMachine machine;
  private Cpu cpu;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
    machine.enableMmu(cpu);
    machine.map(VA, PA, 0);
    machine.map(DEVICE_VA, FlatMachine.DEVICE, FlatMachine.DEVICE_MEMORY);
  }

  private long fault(Runnable access) {
    assertThrows(GuestFault.class, access::run);
    cpu.exceptions.takeNoted();
    return cpu.sys(SysReg.ESR_EL1);
  }

  @Test
  void storeAcrossPagesIsDoneWhollyOrNot() {
    assertEquals(0x9600_0047L, fault(() -> cpu.memory.write(VA + 0xFFC, 8, -1)));
    assertEquals(VA + 0x1000, cpu.sys(SysReg.FAR_EL1));
    assertEquals(0, machine.get(PA + 0xFF8));
    machine.map(VA + 0x1000, PA + 0x8000, 0);
    cpu.memory.write(VA + 0xFFC, 8, 0x1122_3344_5566_7788L);
    assertEquals(0x5566_7788L, machine.get(PA + 0xFFC) & 0xFFFF_FFFFL);
    assertEquals(0x1122_3344L, machine.get(PA + 0x8000));
    assertEquals(0x1122_3344_5566_7788L, cpu.memory.read(VA + 0xFFC, 8));
  }

  @Test
  void devicesSeeAlignedAccessesAsTheyAreMade() {
    assertEquals(0x1122, cpu.memory.read(DEVICE_VA + 2, 2));
    cpu.memory.write(DEVICE_VA + 4, 4, 0x1_0000_0005L);
    assertEquals(List.of("r2 9000002", "w4 9000004 5"), machine.accesses);
    assertEquals(0x9600_0021L, fault(() -> cpu.memory.read(DEVICE_VA + 2, 4)));
    assertEquals(0x9600_0061L, fault(() -> cpu.memory.write(DEVICE_VA + 1, 8, 4)));
    assertEquals(2, machine.accesses.size());
  }

  /** LDTR and STTR at EL1 are accesses of EL0, and what comes after them is EL1's again; at EL2 they are as others. */
  @Test
  void devicesAreToldWhetherAnAccessIsPrivileged() {
    machine.map(DEVICE_VA, FlatMachine.DEVICE, FlatMachine.DEVICE_MEMORY | FlatMachine.USER);
    cpu.memory.read(DEVICE_VA, 4, true);
    assertFalse(machine.privileged, "LDTR");
    cpu.memory.read(DEVICE_VA, 4);
    assertTrue(machine.privileged, "LDR");
    cpu.memory.write(DEVICE_VA, 4, 1, true);
    assertFalse(machine.privileged, "STTR");
    cpu.memory.write(DEVICE_VA, 4, 1);
    assertTrue(machine.privileged, "STR");
    machine.map(DEVICE_VA + 0x1000, 0x1234_5000L, FlatMachine.DEVICE_MEMORY | FlatMachine.USER);
    assertThrows(GuestFault.class, () -> cpu.memory.read(DEVICE_VA + 0x1000, 4, true));
    assertFalse(machine.privileged, "LDTR of nothing");
    assertTrue(cpu.privileged(), "after an abort");
    cpu.el = 0;
    assertFalse(cpu.privileged(), "EL0");
    cpu.el = 2;
    assertTrue(cpu.privileged(), "EL2");
  }

  @Test
  void whatNobodyAnswersIsAnExternalAbort() {
    machine.map(DEVICE_VA, 0x1234_5000L, FlatMachine.DEVICE_MEMORY);
    assertEquals(0x9600_0010L, fault(() -> cpu.memory.read(DEVICE_VA, 4)));
    assertEquals(0x9600_0050L, fault(() -> cpu.memory.write(DEVICE_VA, 4, 0)));
  }

  @Test
  void alignmentIsCheckedEverywhereIfAsked() {
    cpu.memory.read(VA + 1, 8);
    msr(cpu, SysReg.SCTLR_EL1, cpu.sys(SysReg.SCTLR_EL1) | 2);
    assertEquals(0x9600_0021L, fault(() -> cpu.memory.read(VA + 1, 8)));
    cpu.memory.read(VA + 8, 8);
    assertNotEquals(VA | cpu.readContext, cpu.data[Cpu.tlbIndex(VA)].read, "no inline path");
  }

  @Test
  void zeroClearsItsBlock() {
    machine.put(PA + 0x38, -1);
    machine.put(PA + 0x40, -1);
    machine.put(PA + 0x78, -1);
    machine.put(PA + 0x80, -1);
    cpu.memory.zero(VA + 0x55);
    assertEquals(-1, machine.get(PA + 0x38));
    assertEquals(0, machine.get(PA + 0x40));
    assertEquals(0, machine.get(PA + 0x78));
    assertEquals(-1, machine.get(PA + 0x80));
    assertEquals(0x9600_0061L, fault(() -> cpu.memory.zero(DEVICE_VA)));
  }

  @Test
  void storeExclusiveNeedsAnUndisturbedMonitor() {
    assertEquals(1, cpu.memory.storeExclusive(VA, 8, 5));
    cpu.memory.loadExclusive(VA, 8);
    assertEquals(0, cpu.memory.storeExclusive(VA, 8, 5));
    assertEquals(1, cpu.memory.storeExclusive(VA, 8, 6));
    cpu.memory.loadExclusive(VA, 8);
    machine.put(PA, 9);
    assertEquals(1, cpu.memory.storeExclusive(VA, 8, 7));
    cpu.memory.loadExclusive(VA, 8);
    assertEquals(1, cpu.memory.storeExclusive(VA, 4, 7), "another size");
    cpu.memory.loadExclusive(VA, 8);
    assertEquals(1, cpu.memory.storeExclusive(VA + 8, 8, 7), "another address");
    cpu.memory.loadExclusive(VA, 8);
    cpu.memory.clearMonitor();
    assertEquals(1, cpu.memory.storeExclusive(VA, 8, 7));
    cpu.memory.loadExclusive(VA, 8);
    cpu.exceptions.exceptionReturn();
    cpu.enter(1, 1);
    assertEquals(1, cpu.memory.storeExclusive(VA, 8, 7));
    assertEquals(9, machine.get(PA));
    assertEquals(0x9600_0021L, fault(() -> cpu.memory.loadExclusive(VA + 4, 8)));
    assertEquals(0x9600_0035L, fault(() -> cpu.memory.loadExclusive(DEVICE_VA, 8)));
  }

  @Test
  void pairsAreExclusiveTogether() {
    machine.put(PA + 24, 3);
    assertEquals(0, cpu.memory.loadExclusivePair(VA + 16));
    assertEquals(3, cpu.memory.high);
    assertEquals(0, cpu.memory.storeExclusivePair(VA + 16, 7, 8));
    assertEquals(8, machine.get(PA + 24));
    cpu.memory.loadExclusivePair(VA + 16);
    machine.put(PA + 24, 1);
    assertEquals(1, cpu.memory.storeExclusivePair(VA + 16, 9, 9));
  }

  @Test
  void atomicOperationsWorkOnTheirSize() {
    machine.put(PA, 0x11_80L);
    assertEquals(0x80, cpu.memory.atomic(VA, 1, AtomicOperation.SIGNED_MAXIMUM, 1));
    assertEquals(0x1101, machine.get(PA));
    assertEquals(0x11, cpu.memory.atomic(VA + 1, 1, AtomicOperation.UNSIGNED_MAXIMUM, 0x1_00F0L));
    assertEquals(0xF001, machine.get(PA));
    assertEquals(0xF001, cpu.memory.atomic(VA, 4, AtomicOperation.ADD, -1));
    assertEquals(0xF000, cpu.memory.atomic(VA, 2, AtomicOperation.CLEAR, 0xF000));
    assertEquals(0, cpu.memory.compareAndSwap(VA, 4, 0xFF_0000_0000L, 6));
    assertEquals(6, cpu.memory.compareAndSwap(VA, 4, 5, 7));
    assertEquals(6, machine.get(PA));
  }
}
