// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;

class DomainLpisTest {
  private static final int VCPUS = 3;
  private static final int PLACES = 24;
  private final DeviceState state = new DeviceState();
  private final DomainLpis lpis = new DomainLpis(state, VCPUS);

  /** The same as {@link DomainLpis#best}, by looking at each LPI. */
  private int bestOfAll(int vcpu) {
    int best = -1;
    for (int id = DomainLpis.FIRST; id < DomainLpis.END; id++) {
      if (lpis.isPending(id) && !lpis.isListed(id) && lpis.holder(id) == vcpu && lpis.isEnabled(id)
          && (best < 0 || lpis.priority(id) < lpis.priority(best))) {
        best = id;
      }
    }
    return best;
  }

  private void assertBest(String when) {
    for (int vcpu = 0; vcpu < VCPUS; vcpu++) {
      assertEquals(bestOfAll(vcpu), lpis.best(vcpu), when + ", virtual CPU " + vcpu);
    }
  }

  /** Few and close together or far apart, the first and the last one among them, as they come, go, and are handed over. */
  @Test
  void theBestIsTheBestOfAll() {
    long seed = 0x1715;
    Random random = new Random(seed);
    int[] places = random.ints(PLACES, DomainLpis.FIRST, DomainLpis.END).toArray();
    places[0] = DomainLpis.FIRST;
    places[1] = DomainLpis.END - 1;
    for (int i = 2; i < PLACES / 2; i++) {
      places[i] = places[i - 2] + (i % 2 == 0 ? 1 : -1);
    }
    for (int step = 0; step < 4000; step++) {
      int id = places[random.nextInt(PLACES)];
      int vcpu = random.nextInt(VCPUS);
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          lpis.configure(id, random.nextInt(4) << 6 | (random.nextInt(4) == 0 ? 0 : 1));
          lpis.pend(id, vcpu);
        }
        case 2 -> lpis.unpend(id);
        case 3 -> lpis.list(id, vcpu);
        default -> lpis.unlist(id);
      }
      if (step % 200 == 199) {
        StateRecord saved = state.save();
        if (step % 400 == 399) {
          state.reset();
          assertBest("after a reset");
        }
        state.restore(saved);
      }
      assertBest("step " + step + ", seed " + seed);
    }
  }
}
