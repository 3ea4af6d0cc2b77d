// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;

/**
 * Which station an address was last seen at: sets of four ways, in which the address learned first makes room. Bounded, as a
 * guest may send from any number of addresses. Entries don't age: a station that moves is learned anew.
 */
final class AddressTable {
  private static final int SETS = 256;
  private static final int WAYS = 4;

  /** 0 for a free way. */
  private final long[] addresses;
  private final int[] places;

  AddressTable(DeviceState state) {
    addresses = state.longs("addresses", SETS * WAYS);
    places = state.ints("learned", SETS * WAYS);
  }

  private static int set(long address) {
    return (int) (address * 0x9E37_79B9_7F4A_7C15L >>> 56) * WAYS;
  }

  void learn(long address, int place) {
    int set = set(address);
    for (int i = set; i < set + WAYS; i++) {
      if (addresses[i] == address) {
        places[i] = place;
        return;
      }
    }
    if (address != 0) {
      System.arraycopy(addresses, set, addresses, set + 1, WAYS - 1);
      System.arraycopy(places, set, places, set + 1, WAYS - 1);
      addresses[set] = address;
      places[set] = place;
    }
  }

  /** The place of an address, -1 if nobody was seen with it. */
  int place(long address) {
    int set = set(address);
    for (int i = set; i < set + WAYS; i++) {
      if (addresses[i] == address && address != 0) {
        return places[i];
      }
    }
    return -1;
  }

  /** A station is gone. */
  void forget(int place) {
    for (int i = 0; i < addresses.length; i++) {
      if (addresses[i] != 0 && places[i] == place) {
        addresses[i] = 0;
      }
    }
  }

  @Override
  public String toString() {
    return Arrays.stream(addresses).filter(a -> a != 0).count() + " addresses";
  }
}
