// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.GrantFlag;
import org.xenolith.xen.abi.GuestMap;

/**
 * Numbers in a compact form, so that a mutation of one byte leads from one meaningful value to another: bits 7:6 say how wide
 * (2, 4, 8 bytes, or 4 again), 5:0 which: 0 to 23 themselves, then {@link #KNOWN}, then literal bytes of that width.
 */
final class GuestValues {
  private static final int SMALL = 24;
  private static final long DATA_FRAME = GuestPlace.DATA >>> 12;
  private static final long[] KNOWN = {
      -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL,
      DomainId.DOMID_SELF, DomainId.DOMID_INVALID, Fuzzing.DOMID, World.WITNESS, ServiceEventsPort.DOMID,
      GuestPlace.RAM >>> 12, DATA_FRAME, DATA_FRAME + 1, GuestPlace.SHARED >>> 12, (GuestPlace.SHARED >>> 12) + 1,
      GuestPlace.MAGIC >>> 12, GuestMap.GUEST_GNTTAB_BASE >>> 12, 0x50000, 0x8010, 0x40, 0x100, 0x1FF, 0x1000,
      GuestPlace.DATA, GuestPlace.DATA + 0x8000, GuestPlace.DATA + 0xFFFC, GuestPlace.SHARED, GuestPlace.STORE,
      GuestMap.GUEST_GNTTAB_BASE, GuestMap.GUEST_GICD_BASE, GuestMap.GUEST_PL011_BASE, GuestPlace.RAM + (GuestPlace.PAGES << 12) - 4,
      GrantFlag.GNTTAB_RESERVED_XENSTORE, 0x2000, 0x10000,
  };

  private GuestValues() {}

  /** The value of a selector, which may take more of the input. */
  static long of(int selector, InputBytes input, long here) {
    int which = selector & 63;
    if (which < SMALL) {
      return which;
    }
    if (which - SMALL < KNOWN.length) {
      return KNOWN[which - SMALL];
    }
    return which == 63 ? here + 0x40 : input.next(width(selector));
  }

  /** Bytes that a selector stands for in memory. */
  static int width(int selector) {
    return switch (selector >>> 6) {
      case 0 -> 2;
      case 2 -> 8;
      default -> 4;
    };
  }
}
