// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PvhEntryTest {
  @Test
  void bothAddressesAreBelow4GiB() {
    assertEquals("0x1000000 with ebx = 0xfffff000", new PvhEntry(0x100_0000, 0xFFFF_F000L).toString());
    assertThrows(IllegalArgumentException.class, () -> new PvhEntry(1L << 32, 0));
    assertThrows(IllegalArgumentException.class, () -> new PvhEntry(0, -1));
  }
}
