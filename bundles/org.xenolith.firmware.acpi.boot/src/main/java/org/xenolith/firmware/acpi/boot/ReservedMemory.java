// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * RAM that a tree keeps from its kernel ({@code /reserved-memory} of the Devicetree Specification 0.4, 3.5), which a kernel that is given
 * no tree must find in EFI's memory map.
 */
final class ReservedMemory {
  private static final String NODE = "/reserved-memory";

  private ReservedMemory() {}

  /**
   * In whole pages, in the order of addresses, none twice: as far as it is in banks. Reservations without a place are the kernel's to make,
   * and reusable ones its to use.
   */
  static List<MemoryRange> of(Platform platform, List<MemoryRange> banks) {
    List<MemoryRange> pieces = new ArrayList<>();
    for (PlatformNode node : platform.children(NODE)) {
      if (node.enabled() && !node.has("reusable")) {
        for (AddressWindow window : node.windows()) {
          banks.forEach(bank -> add(pieces, bank, window));
        }
      }
    }
    pieces.sort(Comparator.comparingLong(MemoryRange::base));
    List<MemoryRange> joined = new ArrayList<>();
    for (MemoryRange piece : pieces) {
      if (!joined.isEmpty() && joined.getLast().end() > piece.base()) {
        MemoryRange before = joined.removeLast();
        joined.add(new MemoryRange(before.base(), Math.max(before.end(), piece.end()) - before.base()));
      } else {
        joined.add(piece);
      }
    }
    return joined;
  }

  private static void add(List<MemoryRange> pieces, MemoryRange bank, AddressWindow window) {
    long base = Math.max(bank.base(), window.base() & -EfiMemoryMap.PAGE);
    long end = Math.min(bank.end(), window.end() + EfiMemoryMap.PAGE - 1 & -EfiMemoryMap.PAGE);
    if (base < end) {
      pieces.add(new MemoryRange(base, end - base));
    }
  }
}
