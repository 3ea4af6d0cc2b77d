// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class EndOfInterruptPortTest {
  @Test
  void whoListensIsToldUntilItForgets() {
    EndOfInterruptPort port = new EndOfInterruptPort();
    List<Integer> heard = new ArrayList<>();
    IntConsumer listener = heard::add;
    port.ended(0x30);
    port.listen(listener);
    port.ended(0x31);
    port.forget(listener);
    port.ended(0x32);
    assertEquals(List.of(0x31), heard);
  }
}
