// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Registers of a local APIC that IA32_APIC_BASE has moved, for the CPU that they are of (Intel SDM volume 3, 12.4.5). */
class MovedRegistersTest {
  private static final long WINDOW = 0x3_0000;
  private static final long ELSEWHERE = 0x5_0000;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  private void fill() {
    machine.ram.write((int) WINDOW, 8, 0x11);
    machine.ram.write((int) WINDOW + 4096, 8, 0x22);
    machine.ram.write((int) ELSEWHERE, 8, 0x33);
  }

  @Test
  void theyAreAtTheOtherAddressAndNoLongerAtTheirs() {
    for (boolean paging : new boolean[] {false, true}) {
      machine.reset();
      fill();
      if (paging) {
        machine.longMode();
      }
      assertEquals(0x33, cpu.load8(ELSEWHERE));
      cpu.port.registersAt(WINDOW, ELSEWHERE);
      assertEquals(0x11, cpu.load8(ELSEWHERE));
      assertEquals(0x22, cpu.load8(WINDOW));
      cpu.store8(ELSEWHERE, 0x44);
      assertEquals(0x44, machine.ram.read((int) WINDOW, 1));
      cpu.port.registersAt(WINDOW, WINDOW);
      assertEquals(0x33, cpu.load8(ELSEWHERE));
      assertEquals(0x44, cpu.load8(WINDOW));
    }
  }

  @Test
  void aSnapshotHasWhereTheyAre() {
    fill();
    cpu.port.registersAt(WINDOW, ELSEWHERE);
    var record = cpu.state().save();
    cpu.reset();
    assertEquals(0x33, cpu.load8(ELSEWHERE));
    cpu.state().restore(record);
    cpu.restored();
    assertEquals(0x11, cpu.load8(ELSEWHERE));
  }
}
