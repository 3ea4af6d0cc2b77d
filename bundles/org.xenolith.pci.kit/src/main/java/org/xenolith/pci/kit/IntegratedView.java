// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.pci.api.PciBusPort;

/**
 * What a PCI Express endpoint reads as on a root bus. There is no port above it there, so no link: it is part of the root complex, says
 * so in its device/port type, and the registers of a link are none (PCI Express Base 4.0, 1.3.2.3 and 7.5.3). Where it is plugged in
 * decides, not its model: one behind a port reads as it is made.
 */
final class IntegratedView {
  private static final int FLAGS = 2;
  private static final int VERSION = 0xF;
  private static final int TYPES = 0xF0;
  private static final int LEGACY = 1 << 4;
  private static final int INTEGRATED = 9 << 4;
  private static final int LINK = 12;
  private static final int LINK_2 = 44;
  private static final int LINK_LENGTH = 8;

  private final PciBusPort bus;
  private final int express;
  /** Version 2 has more registers of the link. */
  private final boolean second;

  private IntegratedView(PciBusPort bus, int express, int flags) {
    this.bus = bus;
    this.express = express;
    second = (flags & VERSION) >= 2;
  }

  /** The view of a function made as an endpoint; null for any other. */
  static @Nullable IntegratedView of(PciBusPort bus, ConfigTable table) {
    int express = table.capability(Capability.EXPRESS);
    int flags = express == 0 ? -1 : table.reset[express + FLAGS] & 0xFF;
    boolean endpoint = !table.bridge && ((flags & TYPES) == 0 || (flags & TYPES) == LEGACY);
    return endpoint ? new IntegratedView(bus, express, flags) : null;
  }

  /** What a read of configuration space answers. @param value what the function is made with */
  int read(int offset, int size, int value) {
    int from = offset - express;
    if (from + size <= FLAGS || from >= LINK_2 + LINK_LENGTH || bus.bridge() != null) {
      return value;
    }
    int seen = value;
    for (int i = 0; i < size; i++) {
      int at = from + i;
      int shift = 8 * i;
      if (at == FLAGS) {
        seen = seen & ~(TYPES << shift) | INTEGRATED << shift;
      } else if (ofLink(at)) {
        seen &= ~(0xFF << shift);
      }
    }
    return seen;
  }

  private boolean ofLink(int at) {
    return at >= LINK && at < LINK + LINK_LENGTH || second && at >= LINK_2 && at < LINK_2 + LINK_LENGTH;
  }
}
