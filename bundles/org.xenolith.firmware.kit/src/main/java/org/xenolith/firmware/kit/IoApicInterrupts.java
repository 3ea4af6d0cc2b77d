// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.Optional;
import org.xenolith.firmware.api.AcpiInterrupt;

/** From the specifiers of I/O APICs to global system interrupts (Devicetree binding intel,ce4100-ioapic.yaml). */
final class IoApicInterrupts {
  private static final int CELLS = 2;
  private static final int EDGE_RISING = 0;
  private static final int LEVEL_LOW = 1;
  private static final int LEVEL_HIGH = 2;
  private static final int EDGE_FALLING = 3;

  private IoApicInterrupts() {}

  /** @param first interrupt of the I/O APIC */
  static Optional<AcpiInterrupt> of(int first, int[] cells) {
    if (cells.length < CELLS || cells[0] < 0 || cells[0] >= ApicNodes.INPUTS) {
      return Optional.empty();
    }
    long gsiv = first + (long) cells[0];
    return switch (cells[1]) {
      case EDGE_RISING -> Optional.of(new AcpiInterrupt(gsiv, true, false));
      case EDGE_FALLING -> Optional.of(new AcpiInterrupt(gsiv, true, true));
      case LEVEL_HIGH -> Optional.of(new AcpiInterrupt(gsiv, false, false));
      case LEVEL_LOW -> Optional.of(new AcpiInterrupt(gsiv, false, true));
      default -> Optional.empty();
    };
  }
}
