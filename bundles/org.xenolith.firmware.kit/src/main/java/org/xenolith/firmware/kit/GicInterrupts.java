// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.Optional;
import org.xenolith.firmware.api.AcpiInterrupt;

/** From the specifiers of GICs to INTIDs (Devicetree bindings arm,gic.yaml and arm,gic-v3.yaml). */
final class GicInterrupts {
  private static final int CELLS = 3;
  /** INTID of number 0 of a kind: SPI, PPI, extended SPI, extended PPI. */
  private static final int[] FIRST = {32, 16, 4096, 1056};
  /** Bits 15:8 name CPUs where the GIC is a version 2. */
  private static final int SENSE = 0xf;
  private static final int EDGE_RISING = 1;
  private static final int EDGE_FALLING = 2;
  private static final int LEVEL_HIGH = 4;
  private static final int LEVEL_LOW = 8;

  private GicInterrupts() {}

  static Optional<AcpiInterrupt> of(int[] cells) {
    if (cells.length < CELLS || cells[0] < 0 || cells[0] >= FIRST.length || cells[1] < 0) {
      return Optional.empty();
    }
    long gsiv = FIRST[cells[0]] + (long) cells[1];
    return switch (cells[2] & SENSE) {
      case EDGE_RISING -> Optional.of(new AcpiInterrupt(gsiv, true, false));
      case EDGE_FALLING -> Optional.of(new AcpiInterrupt(gsiv, true, true));
      case LEVEL_HIGH -> Optional.of(new AcpiInterrupt(gsiv, false, false));
      case LEVEL_LOW -> Optional.of(new AcpiInterrupt(gsiv, false, true));
      default -> Optional.empty();
    };
  }
}
