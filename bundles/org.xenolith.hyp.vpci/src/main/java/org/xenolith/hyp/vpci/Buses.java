// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.PciConfiguration;

/**
 * Buses that a bridge leads to (PCI-to-PCI Bridge Architecture Specification 1.2, 3.2.5.3 to 3.2.5.5).
 *
 * @param secondary   the one behind it
 * @param subordinate the last one behind it
 */
record Buses(int secondary, int subordinate) {
  private static final int BYTE = 0xFF;

  /** As a bridge has them now. */
  static Buses of(PciConfiguration configuration, int rid) {
    return of(configuration.read(rid, Header.BUSES, 4));
  }

  /** By the register's content; none before somebody numbers them. */
  private static Buses of(int register) {
    int second = register >>> 8 & BYTE;
    return second == 0 ? new Buses(-1, -1) : new Buses(second, register >>> 16 & BYTE);
  }

  /** Whether it is a write of a bridge's bus numbers. */
  static boolean written(PciConfiguration configuration, int rid, int register, int size) {
    return register < Header.BUSES + 3 && register + size > Header.BUSES
        && (configuration.read(rid, Header.TYPE, 1) & ~Header.MULTIFUNCTION & BYTE) == Header.BRIDGE;
  }

  /** As they are after such a write. */
  static Buses after(PciConfiguration configuration, int rid, int register, int size, int value) {
    int shift = 8 * (register & 3);
    int lanes = (int) Header.none(size) << shift;
    return of(configuration.read(rid, Header.BUSES, 4) & ~lanes | value << shift & lanes);
  }

  /** Whether a bus is among them. */
  boolean reach(int bus) {
    return bus == secondary || bus > secondary && bus <= subordinate;
  }
}
