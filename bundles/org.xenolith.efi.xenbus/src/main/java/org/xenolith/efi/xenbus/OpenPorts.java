// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;

/**
 * Event channels that a device's driver has opened: it closes no others, such as the console's. Noted in numbers of an interface of their own, which
 * are saved with the machine.
 *
 * @param layer  whose device it is
 * @param device the device's numbers
 */
record OpenPorts(Firmware firmware, EfiLayer layer, long[] device) {
  /** Number of a device: where that interface is; 0: no channel is open. */
  static final int PLACE = 1;
  // Numbers: how many channels, then their ports.
  private static final int COUNT = 0;
  private static final int FIRST = 1;
  private static final int FEW = 4;
  private static final int LEAST_BYTES = 16;

  private long[] noted() {
    return device[PLACE] == 0 ? new long[FIRST] : firmware.numbers(layer, device[PLACE]);
  }

  private static int index(long[] noted, long port) {
    for (int i = FIRST; i < FIRST + noted[COUNT]; i++) {
      if (noted[i] == port) {
        return i;
      }
    }
    return -1;
  }

  boolean has(long port) {
    return index(noted(), port) >= 0;
  }

  /** @throws org.xenolith.efi.boot.api.EfiError OUT_OF_RESOURCES */
  void add(long port) {
    long[] noted = noted();
    if (FIRST + noted[COUNT] == noted.length) {
      long more = firmware.interfaceMemory(layer, LEAST_BYTES, Math.max(FIRST + FEW, 2 * noted.length));
      long[] larger = firmware.numbers(layer, more);
      System.arraycopy(noted, 0, larger, 0, noted.length);
      forget();
      device[PLACE] = more;
      noted = larger;
    }
    noted[FIRST + (int) noted[COUNT]++] = port;
  }

  void remove(long port) {
    long[] noted = noted();
    int at = index(noted, port);
    if (at >= 0) {
      noted[at] = noted[FIRST + (int) --noted[COUNT]];
      if (noted[COUNT] == 0) {
        forget();
      }
    }
  }

  /** Nobody closes anything by this device any more. */
  void forget() {
    if (device[PLACE] != 0) {
      firmware.dropInterface(layer, device[PLACE]);
      device[PLACE] = 0;
    }
  }
}
