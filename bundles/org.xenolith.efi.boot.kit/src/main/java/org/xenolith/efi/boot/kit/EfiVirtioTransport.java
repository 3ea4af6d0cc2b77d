// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** What transports of virtio devices have in common (edk2, OvmfPkg/Include/Protocol/VirtioDevice.h). */
public final class EfiVirtioTransport {
  /** Where the protocol's first function is; revision and kind of device are before it. */
  public static final int FUNCTIONS = 8;
  /** Version 0.9.5 of the specification, of devices from before version 1.0: major and minor in 8 bits each, then 16 bits. */
  public static final int LEGACY_REVISION = 0x0009_0005;
  /** Version 1.0.0 of the specification. */
  public static final int MODERN_REVISION = 0x0100_0000;
  private static final int OPERATIONS = 3;
  private static final String[] NAMES = {"GetDeviceFeatures", "SetGuestFeatures", "SetQueueAddress", "SetQueueSel", "SetQueueNotify",
      "SetQueueAlign", "SetPageSize", "GetQueueNumMax", "SetQueueNum", "GetDeviceStatus", "SetDeviceStatus", "WriteDevice", "ReadDevice",
      "AllocateSharedPages", "FreeSharedPages", "MapSharedBuffer", "UnmapSharedBuffer"};
  /** Bytes of the protocol. */
  public static final int SIZE = FUNCTIONS + 8 * NAMES.length;

  private EfiVirtioTransport() {}

  /** Functions, in the protocol's order. */
  public static String[] functions() {
    return NAMES.clone();
  }

  /**
   * Whether arguments of MapSharedBuffer make sense: operation, address, pointer to bytes, where the device's address and the mapping go.
   *
   * @throws org.xenolith.efi.boot.api.EfiError INVALID_PARAMETER if there is no memory for some of the buffer: a device would be told to
   *     go there
   */
  public static boolean maps(Call call) {
    for (int i = 2; i <= 5; i++) {
      if (call.argument(i) == 0) {
        return false;
      }
    }
    if (call.argument(1) < 0 || call.argument(1) >= OPERATIONS) {
      return false;
    }
    call.firmware().requireMemory(call.argument(2), call.firmware().memory().get64(call.argument(3)));
    return true;
  }

  /** AllocateSharedPages: this, pages, where the address goes. @param given number of the protocol that is this function's, and the last one; 0 at first */
  public static EfiStep allocate(EfiLayer layer, Call call, int given) {
    GivenPages pages = pages(layer, call, given);
    call.firmware().memory().get64(call.argument(2)); // or nobody would ever give the pages back
    call.firmware().memory().put64(call.argument(2), pages.give(call.argument(1)));
    return EfiStep.done();
  }

  /** FreeSharedPages: this, pages, address. @param given as of {@link #allocate} */
  public static EfiStep free(EfiLayer layer, Call call, int given) {
    pages(layer, call, given).free(call.argument(2), call.argument(1));
    return EfiStep.done();
  }

  /** A protocol is dropped: pages that somebody has still stay allocated. @param given as of {@link #allocate} */
  public static void forget(Firmware firmware, EfiLayer layer, long protocol, int given) {
    new GivenPages(firmware, layer, firmware.numbers(layer, protocol), given).forget();
  }

  private static GivenPages pages(EfiLayer layer, Call call, int given) {
    return new GivenPages(call.firmware(), layer, InterfaceNumbers.of(call, layer, given + 1), given);
  }
}
