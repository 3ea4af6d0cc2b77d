// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;

/** What becomes of interrupts that nobody takes: there are no local APICs, such as while their bundle is away. */
class IoApicPinsTest {
  private static final int LEVEL = IoApicBench.LEVEL;

  private boolean taken;
  private int sent;
  private final IoApicPins pins = new IoApicPins(new DeviceState(), (destination, logical, data) -> {
    sent++;
    return taken;
  });

  @Test
  void aLevelThatNobodyTakesStaysPendingAndIsSentAgain() {
    pins.low(3, 0x61 | LEVEL);
    pins.set(3, -1, true);
    assertEquals(1, sent);
    assertEquals(0x61 | LEVEL | IoApicBench.PENDING, pins.low(3), "delivery status: send pending");
    taken = true;
    pins.low(3, 0x61 | LEVEL);
    assertEquals(2, sent);
    assertEquals(0x61 | LEVEL | IoApicBench.REMOTE_IRR, pins.low(3));
  }

  @Test
  void anEdgeThatNobodyTakesIsLost() {
    pins.low(3, 0x61);
    pins.set(3, -1, true);
    taken = true;
    pins.low(3, 0x61);
    assertEquals(1, sent);
    assertEquals(0x61, pins.low(3));
  }
}
