// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;

/** Pointers of an interface to functions of the layer that publishes it. */
public final class LayerPointers {
  private LayerPointers() {}

  /** Writes pointers, one behind the other, from an address on. @param names of the layer's functions */
  public static void write(Firmware firmware, EfiLayer layer, long address, String... names) {
    for (int i = 0; i < names.length; i++) {
      firmware.memory().put64(address + 8L * i, firmware.function(layer, names[i]));
    }
  }
}
