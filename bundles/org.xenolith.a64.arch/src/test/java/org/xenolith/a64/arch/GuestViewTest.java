// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.a64.arch.FlatMachine.RAM;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** Looking leaves no trace, whatever the guest has put there. */
class GuestViewTest {
  private static final long VA = 0x12_3456_7000L;
  private static final long PA = RAM + 0x20_0000;
  private FlatMachine machine;
  private Cpu cpu;
  private GuestView view;

  @BeforeEach
  void power() {
    machine = new FlatMachine();
    cpu = machine.cpu();
    machine.enableMmu(cpu);
    view = new GuestView(cpu);
  }

  @Test
  void whatIsMappedIsFoundAcrossPages() {
    machine.map(VA, PA, 0);
    machine.map(VA + 0x1000, PA + 0x5000, 0);
    machine.put(PA + 0xFF8, 0x0807_0605_0403_0201L);
    machine.put(PA + 0x5000, 0x100F_0E0D_0C0B_0A09L);
    StateRecord before = cpu.state().save();
    assertEquals(PA + 0x123, view.physical(VA + 0x123, 1));
    assertArrayEquals(new byte[] {7, 8, 9, 10}, view.bytes(VA + 0xFFE, 1, 4));
    assertEquals(before, cpu.state().save());
  }

  @Test
  void whatIsNotMappedOrNotForThatLevelIsNothing() {
    machine.map(VA, PA, 0);
    StateRecord before = cpu.state().save();
    assertNull(view.bytes(VA, 0, 8));
    assertNull(view.bytes(VA + 0x1000, 1, 8));
    assertNull(view.bytes(VA + 0xFFC, 1, 8));
    assertNull(view.bytes(-8, 1, 16));
    assertEquals(before, cpu.state().save());
  }

  @Test
  void devicesAreNeverReadNeitherAsDataNorAsTables() {
    machine.map(VA, FlatMachine.DEVICE, FlatMachine.DEVICE_MEMORY);
    assertNull(view.bytes(VA, 1, 8));
    machine.put(FlatMachine.TABLE + 5 * 8, FlatMachine.DEVICE | 3);
    assertNull(view.bytes(5L << 30, 1, 8));
    machine.put(FlatMachine.TABLE + 6 * 8, 0x7_0000_0000L | 3);
    assertNull(view.bytes(6L << 30, 1, 8));
    assertTrue(machine.accesses.isEmpty(), machine.accesses::toString);
    assertTrue(machine.events.isEmpty(), machine.events::toString);
  }
}
