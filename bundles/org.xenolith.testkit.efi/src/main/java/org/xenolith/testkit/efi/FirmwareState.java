// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.HandleDatabase;

/** What there is in firmware, as text: two are equal if nothing has been left behind between them. */
final class FirmwareState {
  private FirmwareState() {}

  /** Handles with their protocols, interfaces and uses, memory and events. */
  static String of(FakeFirmware firmware) {
    HandleDatabase handles = firmware.handles();
    StringBuilder text = new StringBuilder();
    for (long handle : handles.handles(null)) {
      text.append("handle ").append(Long.toHexString(handle)).append('\n');
      handles.protocols(handle).stream().sorted((one, other) -> one.toString().compareTo(other.toString())).forEach(protocol -> protocol(
          handles, handle, protocol, text));
    }
    return text.append(firmware.allocated()).append(" allocations, ").append(firmware.events()).append(" events\n").toString();
  }

  private static void protocol(HandleDatabase handles, long handle, EfiGuid protocol, StringBuilder text) {
    text.append("  ").append(protocol).append(" at ").append(Long.toHexString(handles.find(handle, protocol))).append('\n');
    handles.uses(handle, protocol).stream().map(HandleDatabase.Use::toString).sorted().forEach(use -> text.append("    ").append(use)
        .append(
            '\n'));
  }
}
