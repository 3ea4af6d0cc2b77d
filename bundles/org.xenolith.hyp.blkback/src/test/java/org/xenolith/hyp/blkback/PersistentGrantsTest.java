// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;

class PersistentGrantsTest {
  private final PersistentGrants kept = new PersistentGrants(new DeviceState());

  @Test
  void neighbouringReferencesFillAllPlaces() {
    kept.begin();
    for (int i = 0; i < PersistentGrants.SIZE; i++) {
      int place = kept.place(1000 + i);
      assertTrue(place >= 0 && !kept.taken(place));
      kept.keep(place, 1000 + i, (long) i << 12);
    }
    for (int i = 0; i < PersistentGrants.SIZE; i++) {
      assertEquals((long) i << 12, kept.use(1000 + i));
    }
    assertEquals(-1, kept.use(999));
  }

  @Test
  void whatTheRequestUsesNeverGivesWay() {
    int[] sameSet = {5, 5 + 264, 5 + 528, 5 + 792, 5 + 1056};
    for (int i = 0; i < 4; i++) {
      kept.begin();
      kept.keep(kept.place(sameSet[i]), sameSet[i], 0x1000L * i);
    }
    kept.begin();
    kept.use(sameSet[0]);
    assertEquals(sameSet[1], kept.reference(kept.place(sameSet[4])));
    kept.use(sameSet[1]);
    kept.use(sameSet[2]);
    kept.use(sameSet[3]);
    assertEquals(-1, kept.place(sameSet[4]));
    kept.begin();
    assertTrue(kept.place(sameSet[4]) >= 0);
  }
}
