// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.machine.control.Machine;

/** A rogue endpoint, which writes and reads whatever it is told to. */
final class Rogue {
  private final int card;
  private final long registers;

  Rogue(int card) {
    this.card = card;
    registers = Place.bar(card);
  }

  void setUp(Machine machine, Script script) {
    long config = Place.config(card);
    script.store4(config + 0x10, registers);
    script.store4(config + 0x18, registers + 0x1000);
    script.store4(config + 0x1C, 0);
    script.store4(config + 0x20, registers + 0x2000);
    script.store(config + 4, 2, 6);
    for (int vector = 0; vector < 4; vector++) {
      script.store8(registers + 0x2000 + 16 * vector, Place.DOORBELL);
      script.store4(registers + 0x2008 + 16 * vector, vector);
      script.store4(registers + 0x200C + 16 * vector, 0);
    }
    script.store(config + Pci.messages(machine, card) + 2, 2, 0x8000);
  }

  /** Has it write. */
  void write(Script script, long address, int size, long value) {
    script.store8(registers, address);
    script.store8(registers + 8, value);
    script.store4(registers + 0x10, size << 8 | 2);
  }

  void message(Script script, int vector) {
    script.store4(registers + 0x10, vector << 8 | 3);
  }
}
