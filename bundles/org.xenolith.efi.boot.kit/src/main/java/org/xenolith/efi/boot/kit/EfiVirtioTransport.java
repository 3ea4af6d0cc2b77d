// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;

/** What transports of virtio devices have in common (edk2, OvmfPkg/Include/Protocol/VirtioDevice.h). */
public final class EfiVirtioTransport {
  /** Where the protocol's first function is; revision and kind of device are before it. */
  public static final int FUNCTIONS = 8;
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

  /** AllocateSharedPages: this, pages, where the address goes. */
  public static EfiStep allocate(EfiLayer layer, Call call) {
    call.firmware().numbers(layer, call.argument(0)); // or the caller made it up
    call.firmware().memory().get64(call.argument(2)); // or nobody would ever give the pages back
    call.firmware().memory().put64(call.argument(2), call.firmware().pages(call.argument(1)));
    return EfiStep.done();
  }

  /** FreeSharedPages: this, pages, address. */
  public static EfiStep free(EfiLayer layer, Call call) {
    call.firmware().numbers(layer, call.argument(0));
    call.firmware().freePages(call.argument(2), call.argument(1));
    return EfiStep.done();
  }
}
