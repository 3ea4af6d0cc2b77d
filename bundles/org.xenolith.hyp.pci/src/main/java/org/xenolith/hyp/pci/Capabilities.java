// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import org.xenolith.hyp.api.PciFunction;

/** Finds capabilities in configuration space (PCI Local Bus 3.0, 6.7; PCI Express Base 4.0, 7.6.3). */
final class Capabilities {
  static final int POWER = 0x01;
  static final int EXPRESS = 0x10;
  static final int ADVANCED_FEATURES = 0x13;
  static final int ACS = 0x000D;
  private static final int STATUS = 0x06;
  private static final int HAS_CAPABILITIES = 1 << 4;
  private static final int FIRST = 0x34;
  private static final int HEADER = 0x40;
  private static final int EXTENDED = 0x100;
  private static final int SPACE = 0x1000;
  /** More than fit: a list that goes round ends. */
  private static final int MOST = 48;
  private static final int MOST_EXTENDED = 480;

  private Capabilities() {}

  /** Where a capability is; 0 if the function hasn't got it. */
  static int find(PciFunction function, int id) {
    if (function.read(0, 2) == 0xFFFF || (function.read(STATUS, 2) & HAS_CAPABILITIES) == 0) {
      return 0;
    }
    int at = function.read(FIRST, 1) & 0xFC;
    for (int i = 0; i < MOST && at >= HEADER; i++) {
      if (function.read(at, 1) == id) {
        return at;
      }
      at = function.read(at + 1, 1) & 0xFC;
    }
    return 0;
  }

  /** Where an extended capability is; 0 if the function hasn't got it. */
  static int extended(PciFunction function, int id) {
    int at = EXTENDED;
    for (int i = 0; i < MOST_EXTENDED && at >= EXTENDED && at < SPACE; i++) {
      int header = function.read(at, 4);
      if (header == 0 || header == -1) {
        return 0;
      }
      if ((header & 0xFFFF) == id) {
        return at;
      }
      at = header >>> 20 & 0xFFC;
    }
    return 0;
  }
}
