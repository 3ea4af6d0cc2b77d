package org.xenolith.hw.its;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Which PCI function has a DeviceID, for people: {@code msi-map} of host bridges (binding pci-msi), read backwards. */
final class Senders {
  private static final int CELLS = 4;

  private final Platform platform;
  private final PlatformNode its;

  Senders(Platform platform, PlatformNode its) {
    this.platform = platform;
    this.its = its;
  }

  /** A blank and the function's address in parentheses; nothing if it is no function's, or of a bridge without a map. */
  String text(long device) {
    long phandle = its.cell("phandle", -1);
    for (PlatformNode bridge : platform.nodes()) {
      FdtProperty map = bridge.enabled() ? bridge.property("msi-map").orElse(null) : null;
      for (int i = 0; map != null && i + CELLS <= map.cellCount(); i += CELLS) {
        long offset = device - (map.cell(i + 2) & 0xFFFF_FFFFL);
        if ((map.cell(i + 1) & 0xFFFF_FFFFL) == phandle && Long.compareUnsigned(offset, map.cell(i + 3) & 0xFFFF_FFFFL) < 0) {
          int rid = map.cell(i) + (int) offset;
          return " (%04x:%02x:%02x.%x)".formatted(bridge.cell("linux,pci-domain", 0), rid >>> 8 & 0xFF, rid >>> 3 & 0x1F, rid & 7);
        }
      }
    }
    return "";
  }
}
