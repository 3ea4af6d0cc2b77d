// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Group addresses that a front end wants to hear of, if it asked for the filter. */
final class MulticastFilter {
  private static final int MOST = 64;
  private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

  /** Whether the filter is applied; it may be filled before. */
  final LongCell applied;
  /** 0 for a free entry. */
  private final long[] addresses;

  MulticastFilter(DeviceState state) {
    applied = state.cell("filter", 0);
    addresses = state.longs("groups", MOST);
  }

  /** @return false if there is no room */
  boolean add(long address) {
    int free = -1;
    for (int i = MOST - 1; i >= 0; i--) {
      if (addresses[i] == address) {
        return true;
      }
      free = addresses[i] == 0 ? i : free;
    }
    if (free >= 0) {
      addresses[free] = address;
    }
    return free >= 0;
  }

  void remove(long address) {
    for (int i = 0; i < MOST; i++) {
      if (addresses[i] == address) {
        addresses[i] = 0;
      }
    }
  }

  /** Whether a frame for an address goes to the front end. */
  boolean passes(long address) {
    if (applied.value == 0 || (address >>> 40 & 1) == 0 || address == BROADCAST) {
      return true;
    }
    for (long known : addresses) {
      if (known == address) {
        return true;
      }
    }
    return false;
  }
}
