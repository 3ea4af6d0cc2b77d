// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

class FaultLoopTest {
  private static final long PLACE = 0x1000;
  private static final long CAUSE = 7;

  private static FaultLoop loop() {
    return new FaultLoop((place, cause, address) -> Long.toHexString(place) + " for " + cause, Set.of(), Set.of());
  }

  private static boolean fault(FaultLoop loop) {
    return loop.fault(PLACE, CAUSE, 0, true);
  }

  /** How many faults it takes until the machine is to look. */
  private static long untilLook(FaultLoop loop) {
    long faults = 1;
    for (; !fault(loop); faults++) {
      assertTrue(faults < 4 * FaultLoop.SUSPICIOUS, "it never asks");
    }
    return faults;
  }

  @Test
  void oneThatGoesOnFromARecordAsksForALookAtTheSameFault() {
    FaultLoop whole = loop();
    long all = untilLook(whole);
    FaultLoop first = loop();
    first.fault(0x2000, 3, 0, true);
    whole = loop();
    whole.fault(0x2000, 3, 0, true);
    for (int i = 0; i < all / 3; i++) {
      fault(first);
      fault(whole);
    }
    FaultLoop second = loop();
    second.restore(StateRecord.ofBytes(first.save().toBytes()));
    assertEquals(first.hits(), second.hits());
    assertEquals(untilLook(whole), untilLook(second));
    assertEquals(whole.toString(), second.toString());
    assertTrue(second.toString().endsWith("; it began with 2000 for 3"), second::toString);
    assertEquals(whole.save(), second.save());
    assertTrue(second.suspicious());
    assertFalse(second.suspicious(), "said once");
  }

  @Test
  void whatNoneCanHaveNotedIsRefused() {
    long[] good = (long[]) loop().save().get("noted");
    refused(new long[3]);
    for (long[] change : new long[][] {{3, -1}, {3, FaultLoop.SUSPICIOUS}, {4, 65}, {4, -1}, {5, 0}, {5, FaultLoop.SUSPICIOUS + 1}, {5,
        Long.MIN_VALUE}, {11, 16}}) {
      long[] noted = good.clone();
      noted[(int) change[0]] = change[1];
      refused(noted);
    }
    assertThrows(StateMismatch.class, () -> loop().restore(new StateRecord()));
  }

  private static void refused(long[] noted) {
    StateRecord record = new StateRecord();
    record.put("noted", noted);
    FaultLoop loop = loop();
    String before = loop.toString();
    assertThrows(StateMismatch.class, () -> loop.restore(record));
    assertEquals(before, loop.toString());
  }
}
