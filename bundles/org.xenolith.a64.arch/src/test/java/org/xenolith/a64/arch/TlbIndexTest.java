// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class TlbIndexTest {
  /** An access over the 8 GiB border once hit the entry of its second page and read in front of that page's frame. */
  @Test
  void neighbouringPagesNeverShareAnEntry() {
    for (int bit = 12; bit < 48; bit++) {
      long border = 1L << bit;
      assertNotEquals(Tlb.index(border - 4096), Tlb.index(border), () -> "at 0x" + Long.toHexString(border));
      assertNotEquals(Tlb.index(-border - 4096), Tlb.index(-border), () -> "at -0x" + Long.toHexString(border));
    }
  }
}
