// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * A bank of flash on a board.
 *
 * @param place  where the disk with its contents is attached
 * @param window physical addresses at which it is read
 */
record FlashBank(BlockPlace place, AddressWindow window) {
  private static final String COMPATIBLE = "cfi-flash";

  /** A board's banks by address; none if it has no flash. */
  static List<FlashBank> of(Platform platform) {
    List<FlashBank> banks = new ArrayList<>();
    for (PlatformNode node : platform.nodes()) {
      if (node.enabled() && node.isCompatible(COMPATIBLE)) {
        for (int i = 0; i < node.windows().size(); i++) {
          banks.add(new FlashBank(BlockPlace.of(node.path(), i), node.windows().get(i)));
        }
      }
    }
    banks.sort(Comparator.comparing(bank -> bank.window.base(), Long::compareUnsigned));
    return banks;
  }
}
