// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** Windows are equal by what they say. */
class AddressWindowTest {
  private static final AddressWindow WINDOW = new AddressWindow(0x0900_0000, 0x1000);

  @Test
  void thoseOfTheSameBaseAndSizeAreEqual() {
    AddressWindow same = new AddressWindow(0x0900_0000, 0x1000);
    assertEquals(WINDOW, same);
    assertEquals(WINDOW.hashCode(), same.hashCode());
  }

  @Test
  void anotherBaseOrSizeMakesAnotherWindow() {
    assertNotEquals(WINDOW, new AddressWindow(0x0900_1000, 0x1000));
    assertNotEquals(WINDOW, new AddressWindow(0x0900_0000, 0x2000));
    assertNotEquals(WINDOW, new AddressWindow(0x1_0900_0000L, 0x1000));
    assertNotEquals(WINDOW, null);
  }
}
