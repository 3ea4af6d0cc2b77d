// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Message-signalled interrupts in the form that the capability's control register says (PCI Local Bus 3.0, 6.8.1). */
final class Msi {
  private static final int WIDE = 1 << 7;
  private static final int MASKS = 1 << 8;
  private final ConfigSpace config;
  private final int at;
  private final DmaPort memory;
  private final boolean wide;
  private final int data;
  /** Where the mask bits are, with the pending bits behind; 0 if there are none. */
  private final int mask;
  private final int end;

  Msi(ConfigSpace config, int at, DmaPort memory) {
    this.config = config;
    this.at = at;
    this.memory = memory;
    int control = config.read(at + 2, 2);
    wide = (control & WIDE) != 0;
    data = at + (wide ? 12 : 8);
    mask = (control & MASKS) != 0 ? data + 4 : 0;
    end = mask == 0 ? data + 2 : mask + 8;
  }

  boolean holds(int offset) {
    return offset >= at && offset < end;
  }

  boolean enabled() {
    return (config.read(at + 2, 2) & 1) != 0;
  }

  /** How many messages software has granted: a power of two. */
  int granted() {
    return 1 << (config.read(at + 2, 2) >>> 4 & 7);
  }

  void send(int vector) {
    int number = vector & granted() - 1;
    if (mask != 0 && (config.read(mask, 4) >>> number & 1) != 0) {
      config.set(mask + 4, 4, config.read(mask + 4, 4) | 1 << number);
      return;
    }
    try {
      memory.write(wide ? config.readLong(at + 4) : config.read(at + 4, 4) & 0xFFFF_FFFFL, 4, config.read(data, 2) & -granted() | number);
    } catch (ExternalAbort refused) {
      // A message that nothing takes is lost, as on hardware; whoever refused it has said so.
    }
  }

  /** Masks or the enable bit were written: what is pending and may be sent now is. */
  void changed() {
    int ready = mask != 0 && enabled() ? config.read(mask + 4, 4) & ~config.read(mask, 4) : 0;
    if (ready == 0) {
      return;
    }
    config.set(mask + 4, 4, config.read(mask + 4, 4) & ~ready);
    for (int vector = 0; vector < 32; vector++) {
      if ((ready >>> vector & 1) != 0) {
        send(vector);
      }
    }
  }
}
