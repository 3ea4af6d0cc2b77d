// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;

/**
 * Pages that a protocol's callers were given, so that nobody gives others back by it: the firmware takes any pages that are allocated, also parts. They are noted
 * in numbers of an interface of their own, which are saved with the machine and another provider of the layer finds.
 *
 * @param layer   whose protocol it is
 * @param numbers of the protocol
 * @param at      the number that says where that interface is; 0: no pages are given
 */
record GivenPages(Firmware firmware, EfiLayer layer, long[] numbers, int at) {
  // Numbers: how many there are, then first page and how many of each.
  private static final int COUNT = 0;
  private static final int FIRST = 1;
  private static final int FEW = 8;
  private static final int LEAST_BYTES = 16;

  /** Allocates pages. @throws EfiError OUT_OF_RESOURCES */
  long give(long count) {
    long address = firmware.pages(count);
    try {
      reserve();
    } catch (EfiError e) {
      firmware.freePages(address, count);
      throw e;
    }
    long[] noted = noted();
    int end = FIRST + 2 * (int) noted[COUNT]++;
    noted[end] = address;
    noted[end + 1] = count;
    return address;
  }

  /** Gives pages back. @throws EfiError NOT_FOUND if they weren't given, or not as many */
  void free(long address, long count) {
    long[] noted = numbers[at] == 0 ? new long[FIRST] : noted();
    for (int i = FIRST; i < FIRST + 2 * noted[COUNT]; i += 2) {
      if (noted[i] == address && noted[i + 1] == count) {
        firmware.freePages(address, count);
        int last = FIRST + 2 * (int) --noted[COUNT];
        noted[i] = noted[last];
        noted[i + 1] = noted[last + 1];
        if (noted[COUNT] == 0) {
          forget();
        }
        return;
      }
    }
    throw new EfiError(EfiStatus.NOT_FOUND, "0x" + Long.toHexString(address) + ": " + count + " pages weren't given");
  }

  /** Nobody gives anything back any more: what is given stays so. */
  void forget() {
    if (numbers[at] != 0) {
      firmware.dropInterface(layer, numbers[at]);
      numbers[at] = 0;
    }
  }

  private long[] noted() {
    return firmware.numbers(layer, numbers[at]);
  }

  private void reserve() {
    if (numbers[at] == 0) {
      numbers[at] = firmware.interfaceMemory(layer, LEAST_BYTES, FIRST + 2 * FEW);
      return;
    }
    long[] noted = noted();
    if (FIRST + 2 * (noted[COUNT] + 1) > noted.length) {
      long more = firmware.interfaceMemory(layer, LEAST_BYTES, 2 * noted.length);
      System.arraycopy(noted, 0, firmware.numbers(layer, more), 0, noted.length);
      firmware.dropInterface(layer, numbers[at]);
      numbers[at] = more;
    }
  }
}
