// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.arch.FlatMachine.RAM;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** Pointers of software, read and written with its rights. */
class VirtualMemoryTest {
  private static final long VA = 0x12_3456_7000L;
  private static final long PA = RAM + 0x20_0000;
  private FlatMachine machine;
  private Cpu cpu;
  private VirtualMemory memory;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
    machine.enableMmu(cpu);
    memory = new VirtualMemory(cpu);
    machine.map(VA, PA, 0);
    machine.map(VA + 0x1000, PA + 0x5000, 0);
    machine.map(VA + 0x2000, PA + 0x6000, FlatMachine.READ_ONLY);
  }

  @Test
  void whatIsMappedIsWrittenAcrossPages() {
    StateRecord before = cpu.state().save();
    assertTrue(memory.write(VA + 0xFFE, new byte[] {1, 2, 3, 4}));
    assertEquals(0x0201, machine.get(PA + 0xFF8) >>> 48);
    assertEquals(0x0403, machine.get(PA + 0x5000) & 0xFFFF);
    assertArrayEquals(new byte[] {1, 2, 3, 4}, memory.read(VA + 0xFFE, 4));
    assertTrue(memory.isWritable(VA, 0x2000));
    assertEquals(before, cpu.state().save());
  }

  @Test
  void nothingIsWrittenIfNotAllCanBe() {
    machine.put(PA + 0x5FF8, 0);
    assertFalse(memory.write(VA + 0x1FF8, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}), "the next page is read-only");
    assertEquals(0, machine.get(PA + 0x5FF8));
    assertFalse(memory.isWritable(VA, 0x2001));
    assertFalse(memory.isWritable(VA - 1, 1), "not mapped");
    assertFalse(memory.isWritable(-8, 16));
    assertFalse(memory.isWritable(Long.MAX_VALUE - 2, 4));
    assertNull(memory.read(VA + 0x2FFF, 2));
    assertTrue(memory.isWritable(VA - 1, 0), "nothing at all");
  }

  @Test
  void rightsAreThoseOfTheLevel() {
    cpu.enter(0, 0);
    assertFalse(memory.isWritable(VA, 1));
    assertNull(memory.read(VA, 1));
    machine.map(VA, PA, FlatMachine.USER);
    assertTrue(memory.write(VA, new byte[] {7}));
  }

  @Test
  void devicesAreNeverReached() {
    machine.map(VA, FlatMachine.DEVICE, FlatMachine.DEVICE_MEMORY);
    assertFalse(memory.write(VA, new byte[8]));
    assertTrue(machine.accesses.isEmpty(), machine.accesses::toString);
    assertTrue(machine.events.isEmpty(), machine.events::toString);
  }

  /** Software that has no mapping of its own has physical addresses. */
  @Test
  void withoutTranslationAddressesArePhysical() {
    FlatMachine.msr(cpu, SysReg.SCTLR_EL1, 0);
    assertTrue(memory.write(PA + 8, new byte[] {9}));
    assertEquals(9, machine.get(PA + 8));
    assertFalse(memory.write(VA, new byte[1]));
  }
}
