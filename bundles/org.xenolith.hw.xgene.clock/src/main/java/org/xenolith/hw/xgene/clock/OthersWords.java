// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.clock;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Words in a block that a node has for itself by {@code regmap} and {@code offset} (devicetree binding
 * power/reset/syscon-reboot): on Mustang the one that resets the board is in the block of the clocks.
 */
final class OthersWords {
  private static final String OWNER = "syscon-reboot";
  private static final int BYTES = 4;

  private OthersWords() {}

  /** What is left of a window without them, in the order of addresses. */
  static List<AddressWindow> without(Platform platform, AddressWindow window) {
    long[] words = platform.nodes().stream().filter(node -> node.enabled() && node.isCompatible(OWNER))
        .flatMapToLong(node -> word(platform, node))
        .filter(word -> word % BYTES == 0 && Long.compareUnsigned(word - window.base(), window.size()) < 0).sorted().distinct().toArray();
    List<AddressWindow> pieces = new ArrayList<>();
    long at = window.base();
    for (long word : words) {
      if (word > at) {
        pieces.add(new AddressWindow(at, word - at));
      }
      at = word + BYTES;
    }
    if (window.end() > at) {
      pieces.add(new AddressWindow(at, window.end() - at));
    }
    return pieces;
  }

  private static LongStream word(Platform platform, PlatformNode node) {
    return platform.byPhandle((int) node.cell("regmap", 0)).filter(controller -> !controller.windows().isEmpty()).stream()
        .mapToLong(controller -> controller.windows().getFirst().base() + node.cell("offset", node.cell("reg", 0)));
  }
}
