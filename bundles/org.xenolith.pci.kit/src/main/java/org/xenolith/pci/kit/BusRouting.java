// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciErrorMessage;
import org.xenolith.pci.api.PciTarget;

/** Who on a bus or below it is meant by a configuration cycle or an address, and what passes it on the way up. */
public final class BusRouting {
  private static final int FUNCTION = 7;
  private static final int SEVERAL_FUNCTIONS = 0x80;

  private BusRouting() {}

  /** The function that a configuration access leads to from a bus; null if none is there. */
  public static @Nullable PciTarget route(PciBusPort from, int bus, int devfn) {
    if (bus == from.number()) {
      return from.function(devfn);
    }
    for (int i = 0; i < PciBusPort.FUNCTIONS; i++) {
      PciTarget function = from.function(i);
      PciBusPort below = function == null ? null : function.secondary();
      if (below != null && function.leadsTo(bus)) {
        return route(below, bus, devfn);
      }
    }
    return null;
  }

  /**
   * What is read of a function's configuration space, with the bit of the header type that says of a function 0 that its device has
   * others (PCI Local Bus 3.0, 6.2.1): who is plugged in beside it a model doesn't know.
   */
  static int withHeaderType(PciBusPort bus, int devfn, int offset, int size, int value) {
    if ((devfn & FUNCTION) != 0 || offset > ConfigTable.HEADER_TYPE || offset + size <= ConfigTable.HEADER_TYPE) {
      return value;
    }
    for (int function = 1; function <= FUNCTION; function++) {
      if (bus.function(devfn + function) != null) {
        return value | SEVERAL_FUNCTIONS << 8 * (ConfigTable.HEADER_TYPE - offset);
      }
    }
    return value;
  }

  /**
   * What decodes an address on a bus or below; null if nothing does, or if another function claims some of the same range: on a
   * shared bus both would answer, and nobody is to take another's accesses by a BAR placed over its.
   */
  public static @Nullable PciAperture decode(PciBusPort bus, boolean io, long address) {
    for (int devfn = 0; devfn < PciBusPort.FUNCTIONS; devfn++) {
      PciTarget function = bus.function(devfn);
      PciAperture found = function == null ? null : function.decode(io, address);
      if (found != null) {
        int other = other(bus, devfn, io, found);
        if (other >= 0) {
          overlap(bus, place(bus, devfn) + " and " + place(bus, other) + (io ? " at port 0x" : " at 0x") + Long.toHexString(address));
        }
        return other < 0 ? found : null;
      }
    }
    return null;
  }

  /** Another function that decodes some of a range; -1 for none. */
  private static int other(PciBusPort bus, int devfn, boolean io, PciAperture range) {
    for (int i = 0; i < PciBusPort.FUNCTIONS; i++) {
      PciTarget function = i == devfn ? null : bus.function(i);
      if (function != null && function.decodesIn(io, range.base(), range.size())) {
        return i;
      }
    }
    return -1;
  }

  /** Whether anything on a bus or below decodes some of a range of addresses. */
  static boolean decodesIn(PciBusPort bus, boolean io, long base, long size) {
    for (int devfn = 0; devfn < PciBusPort.FUNCTIONS; devfn++) {
      PciTarget function = bus.function(devfn);
      if (function != null && function.decodesIn(io, base, size)) {
        return true;
      }
    }
    return false;
  }

  /** Two functions on a bus or below claim the same addresses. */
  static void overlap(PciBusPort bus, String which) {
    if (bus.upstream() != null) {
      bus.upstream().overlap(which);
    }
  }

  /** A function's place, for people. */
  static String place(PciBusPort bus, int devfn) {
    return String.format("%02x:%02x.%x", bus.number(), devfn >> 3, devfn & 7);
  }

  /** A power management event of a function with a bus number of its own, below. */
  static void wake(PciBusPort bus, int requester) {
    if (bus.upstream() != null) {
      bus.upstream().wake(requester);
    }
  }

  /** An error of a function with a bus number of its own, below. */
  static void error(PciBusPort bus, int requester, PciErrorMessage message) {
    if (bus.upstream() != null) {
      bus.upstream().error(requester, message);
    }
  }
}
