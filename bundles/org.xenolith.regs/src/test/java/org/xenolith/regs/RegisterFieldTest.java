// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RegisterFieldTest {
  @Test
  void itsMaskHasItsBits() {
    assertEquals(0x30, new RegisterField("MODE", 4, 2, "").mask());
    assertEquals(-1L, new RegisterField("ALL", 0, 64, "").mask());
    assertEquals(1L << 63, new RegisterField("TOP", 63, 1, "").mask());
    assertEquals(0, new RegisterField("BEYOND", 64, 16, "").mask());
    assertEquals(79, new RegisterField("BEYOND", 64, 16, "").high());
  }

  @Test
  void oneWithoutANameOrBitsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RegisterField("", 0, 1, ""));
    assertThrows(IllegalArgumentException.class, () -> new RegisterField("A", -1, 1, ""));
    assertThrows(IllegalArgumentException.class, () -> new RegisterField("A", 0, 0, ""));
  }
}
