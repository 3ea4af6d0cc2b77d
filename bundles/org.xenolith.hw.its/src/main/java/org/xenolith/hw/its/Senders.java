// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import java.util.OptionalInt;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;

/** Which PCI function has a DeviceID, for people: {@code msi-map} of host bridges (binding pci-msi), read backwards. */
final class Senders {
  private final Platform platform;
  private final PlatformNode its;

  Senders(Platform platform, PlatformNode its) {
    this.platform = platform;
    this.its = its;
  }

  /** A blank and the function's address in parentheses; nothing if it is no function's, or of a bridge without a map. */
  String text(long device) {
    for (PlatformNode bridge : platform.nodes()) {
      OptionalInt rid = bridge.enabled() ? sender(bridge, device) : OptionalInt.empty();
      if (rid.isPresent()) {
        return " (%04x:%02x:%02x.%x)".formatted(bridge.cell("linux,pci-domain", 0), rid.getAsInt() >>> 8 & 0xFF, rid.getAsInt() >>> 3
            & 0x1F,
            rid.getAsInt() & 7);
      }
    }
    return "";
  }

  private OptionalInt sender(PlatformNode bridge, long device) {
    try {
      return RequesterId.ofMessage(platform, bridge, its.path(), device);
    } catch (PlatformException broken) {
      return OptionalInt.empty();
    }
  }
}
