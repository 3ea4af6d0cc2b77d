// SPDX-License-Identifier: EPL-2.0
package org.xenolith.console.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A display is looked at where its model comes and goes. */
class DisplayPortTest {
  private final DisplayPort port = new DisplayPort();

  @Test
  void withoutAModelItIsOff() {
    assertEquals(Optional.empty(), port.picture());
    Picture picture = new Picture(2, 1, new int[] {1, 2});
    Display model = () -> Optional.of(picture);
    port.attach(model, null);
    assertEquals(2, port.picture().orElseThrow().at(1, 0));
    port.detach(model);
    assertEquals(Optional.empty(), port.picture());
  }

  @Test
  void whatIsNoPictureIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Picture(0, 1, new int[0]));
    assertThrows(IllegalArgumentException.class, () -> new Picture(2, 2, new int[3]));
    assertThrows(IllegalArgumentException.class, () -> new Picture(1 << 16, 1 << 16, new int[0]));
  }
}
