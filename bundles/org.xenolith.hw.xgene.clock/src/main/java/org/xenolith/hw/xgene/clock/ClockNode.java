// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.clock;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/**
 * What a clock's node says of its bits (devicetree binding clock/xgene): where gate, reset and divider are. Addresses are the CPU's.
 *
 * @param path     the node
 * @param gated    whether it has a gate: an entry of {@code reg} called csr-reg
 * @param reset    address of the register that holds its device's registers in reset
 * @param resets   the bits that do
 * @param enable   address of the register that lets the clock run
 * @param enables  the bits that do, all of them
 * @param divider  address of the divider's register, or -1
 * @param dividing the divider's bits
 */
record ClockNode(String path, boolean gated, long reset, int resets, long enable, int enables, long divider, int dividing) {
  static final String COMPATIBLE = "apm,xgene-device-clock";
  private static final String DIVIDER = "div-reg";
  private static final int DEFAULT_MASK = 0xF;
  private static final int DEFAULT_ENABLE = 8;

  static ClockNode of(PlatformNode node) {
    AddressWindow csr = window(node, false).orElse(null);
    AddressWindow div = window(node, true).orElse(null);
    long width = node.cell("divider-width", 0);
    long shift = node.cell("divider-shift", 0);
    if (width + shift > Integer.SIZE) {
      throw new ModelException(node.path() + ": divider-width " + width + " and divider-shift " + shift + " don't fit 32 bits");
    }
    return new ClockNode(node.path(), csr != null,
        csr == null ? -1 : word(node, csr, "csr-offset", 0), (int) node.cell("csr-mask", DEFAULT_MASK),
        csr == null ? -1 : word(node, csr, "enable-offset", DEFAULT_ENABLE), (int) node.cell("enable-mask", DEFAULT_MASK),
        div == null ? -1 : word(node, div, "divider-offset", 0), (int) ((1L << width) - 1 << shift));
  }

  private static long word(PlatformNode node, AddressWindow window, String name, int otherwise) {
    long offset = node.cell(name, otherwise);
    if (offset % 4 != 0 || offset + 4 > window.size()) {
      throw new ModelException(node.path() + ": " + name + " 0x" + Long.toHexString(offset)
          + ": expected a multiple of 4 within the window of 0x"
          + Long.toHexString(window.size()) + " bytes");
    }
    return window.base() + offset;
  }

  /** The window of that kind; one without a name is csr-reg. */
  private static Optional<AddressWindow> window(PlatformNode node, boolean divider) {
    List<String> names = node.property("reg-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List.of());
    for (int i = 0; i < node.windows().size(); i++) {
      if ((i < names.size() && names.get(i).equals(DIVIDER)) == divider) {
        return Optional.of(node.windows().get(i));
      }
    }
    return Optional.empty();
  }

  /** Addresses of its registers. */
  List<Long> registers() {
    List<Long> all = new ArrayList<>();
    if (gated) {
      all.add(reset);
      all.add(enable);
    }
    if (divider != -1) {
      all.add(divider);
    }
    return all;
  }
}
