// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static final long OVERFLOW = 1L << 31;
  private final Rig rig = new Rig().start();

  @Test
  void interruptsWhenItIsNoLongerEmpty() {
    rig.oneEvent();
    rig.oneEvent();
    assertEquals(1, rig.eventLine().risingEdges());
    rig.event();
    rig.oneEvent();
    assertEquals(1, rig.eventLine().risingEdges());
    rig.event();
    rig.event();
    rig.oneEvent();
    assertEquals(2, rig.eventLine().risingEdges());
  }

  @Test
  void wraps() {
    for (int i = 0; i < 40; i++) {
      rig.refused(i, 0x1000, false);
      assertEquals(0x04 | (long) i << 32, rig.event()[0]);
    }
  }

  @Test
  void overflowIsToldOnceAndLosesTheNewest() {
    for (int i = 0; i < 8; i++) {
      rig.refused(i, 0x1000, false);
    }
    assertEquals(8, rig.read(Rig.EVENTQ_PROD));
    rig.refused(20, 0x1000, false);
    assertEquals(OVERFLOW | 8, rig.read(Rig.EVENTQ_PROD));
    rig.refused(21, 0x1000, false);
    assertEquals(OVERFLOW | 8, rig.read(Rig.EVENTQ_PROD), "not toggled back");
    assertEquals(0x04, rig.event()[0]);
    rig.refused(22, 0x1000, false);
    assertEquals(OVERFLOW | 9, rig.read(Rig.EVENTQ_PROD), "room again, acknowledged or not");
    rig.write(Rig.EVENTQ_CONS, OVERFLOW | 1);
    rig.refused(23, 0x1000, false);
    assertEquals(9, rig.read(Rig.EVENTQ_PROD), "the next overflow");
    for (int i = 1; i < 8; i++) {
      assertEquals(0x04 | (long) i << 32, rig.event()[0]);
    }
    assertEquals(0x04 | 22L << 32, rig.event()[0]);
    assertEquals(0, rig.events());
    assertEquals(0, rig.read(Rig.GERROR));
  }

  @Test
  void disabledQueueTakesNothing() {
    rig.write(Rig.CR0, 9);
    rig.refused(5, 0x1000, false);
    assertEquals(0, rig.read(Rig.EVENTQ_PROD));
  }

  @Test
  void queueThatCannotBeWrittenIsAGlobalError() {
    rig.write(Rig.CR0, 9);
    rig.write64(Rig.EVENTQ_BASE, 0x1000_0000 | Rig.QUEUE);
    rig.write(Rig.CR0, 0xD);
    rig.refused(5, 0x1000, false);
    assertEquals(4, rig.read(Rig.GERROR));
    assertEquals(0, rig.read(Rig.EVENTQ_PROD));
    assertEquals(1, rig.errorLine().risingEdges());
    rig.write(Rig.CR0, 9);
    rig.write64(Rig.EVENTQ_BASE, Rig.EVENTS | Rig.QUEUE);
    rig.write(Rig.CR0, 0xD);
    rig.refused(5, 0x1000, false);
    assertEquals(0, rig.events(), "not before it is acknowledged");
    rig.write(Rig.GERRORN, 4);
    rig.refused(5, 0x1000, false);
    assertEquals(1, rig.events());
  }
}
