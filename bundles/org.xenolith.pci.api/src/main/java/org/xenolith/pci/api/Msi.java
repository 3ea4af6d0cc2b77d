package org.xenolith.pci.api;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Message-signalled interrupts with 64-bit addresses and masks (PCI Local Bus 3.0, 6.8.1). */
final class Msi {
  private static final int LENGTH = 24;
  private final ConfigSpace config;
  private final int at;
  private final DmaPort memory;

  Msi(ConfigSpace config, int at, DmaPort memory) {
    this.config = config;
    this.at = at;
    this.memory = memory;
  }

  boolean holds(int offset) {
    return offset >= at && offset < at + LENGTH;
  }

  boolean enabled() {
    return (config.read(at + 2, 2) & 1) != 0;
  }

  void send(int vector) {
    int granted = 1 << (config.read(at + 2, 2) >>> 4 & 7);
    int number = vector & granted - 1;
    if ((config.read(at + 16, 4) >>> number & 1) != 0) {
      config.set(at + 20, 4, config.read(at + 20, 4) | 1 << number);
      return;
    }
    try {
      memory.write(config.readLong(at + 4), 4, config.read(at + 12, 2) & -granted | number);
    } catch (ExternalAbort refused) {
      // A message that nothing takes is lost, as on hardware; whoever refused it has said so.
    }
  }

  /** Masks or the enable bit were written: what is pending and may be sent now is. */
  void changed() {
    int ready = enabled() ? config.read(at + 20, 4) & ~config.read(at + 16, 4) : 0;
    config.set(at + 20, 4, config.read(at + 20, 4) & ~ready);
    for (int vector = 0; vector < 32; vector++) {
      if ((ready >>> vector & 1) != 0) {
        send(vector);
      }
    }
  }
}
