// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.scu;

import java.util.List;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * A word of a system controller that resets the machine (devicetree binding power/reset/syscon-reboot).
 *
 * @param path   the node that says so
 * @param offset in the controller's registers, in bytes
 * @param mask   bits that count
 * @param value  that they must have
 */
record RebootWord(String path, long offset, int mask, int value) {
  static final int BYTES = 4;
  private static final String COMPATIBLE = "syscon-reboot";

  /** Those of a controller, which is what their {@code regmap} names. */
  static List<RebootWord> of(Platform platform, PlatformNode controller) {
    return platform.nodes().stream().filter(node -> node.enabled() && node.isCompatible(COMPATIBLE)
        && platform.byPhandle((int) node.cell("regmap", 0)).filter(controller::equals).isPresent())
        .map(node -> of(controller, node)).toList();
  }

  private static RebootWord of(PlatformNode controller, PlatformNode node) {
    long size = controller.windows().getFirst().size();
    long offset = node.cell("offset", node.cell("reg", -1));
    if (offset < 0 || offset % BYTES != 0 || offset + BYTES > size) {
      throw new ModelException(node.path() + ".offset: expected a multiple of 4 within the 0x" + Long.toHexString(size) + " bytes of "
          + controller.path());
    }
    if (!node.has("value") && !node.has("mask")) {
      throw new ModelException(node.path() + ": expected value, mask or both; say what is to be written");
    }
    // In older trees, without a value, the mask is what is written
    return new RebootWord(node.path(), offset, node.has("value") ? (int) node.cell("mask", -1) : -1,
        (int) node.cell("value", node.cell("mask", 0)));
  }

  boolean matches(long at, int written) {
    return at == offset && (written & mask) == (value & mask);
  }
}
