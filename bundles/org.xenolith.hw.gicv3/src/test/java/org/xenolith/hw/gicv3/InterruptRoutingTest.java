// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.gicv3.Gicv3Rig.DIST;
import static org.xenolith.hw.gicv3.Gicv3Rig.FRAMES;
import static org.xenolith.hw.gicv3.Gicv3Rig.IPRIORITYR;
import static org.xenolith.hw.gicv3.Gicv3Rig.IROUTER;
import static org.xenolith.hw.gicv3.Gicv3Rig.ISACTIVER;
import static org.xenolith.hw.gicv3.Gicv3Rig.ISENABLER;
import static org.xenolith.hw.gicv3.Gicv3Rig.ISPENDR;
import static org.xenolith.hw.gicv3.Gicv3Rig.REDIST;
import static org.xenolith.hw.gicv3.Gicv3Rig.SGI;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SGI0R_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SGI1R_EL1;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which CPU gets an interrupt. */
class InterruptRoutingTest {
  private final Gicv3Rig rig = new Gicv3Rig();

  @Test
  void routesFollowAffinity() {
    rig.start(4);
    rig.enable(50, 0);
    rig.context.write(DIST, IROUTER + 8 * 50, 8, 2);
    rig.line(50, true);
    assertEquals(List.of(false, false, true, false), List.of(rig.irq(0), rig.irq(1), rig.irq(2), rig.irq(3)));
    assertEquals(2, rig.context.read(DIST, IROUTER + 8 * 50, 8));
    rig.context.write(DIST, IROUTER + 8 * 50, 8, 0x8000_0003L);
    assertEquals(3, rig.context.read(DIST, IROUTER + 8 * 50, 8), "no 1-of-N");
    assertTrue(rig.irq(3));
    assertFalse(rig.irq(2));
    rig.context.write(DIST, IROUTER + 8 * 50, 8, 0x100);
    assertFalse(rig.irq(3), "no such CPU");
  }

  @Test
  void privateInterruptsAreInTheRedistributors() {
    rig.start(2);
    rig.write(DIST, ISENABLER, 1 << 27);
    assertEquals(0, rig.read(DIST, ISENABLER));
    rig.write(REDIST, FRAMES + SGI + ISENABLER, 1 << 27);
    rig.context.write(REDIST, FRAMES + SGI + IPRIORITYR + 27, 1, 0x20);
    rig.context.inputs().set(27, 0, true);
    assertFalse(rig.irq(0));
    rig.context.inputs().set(27, 1, true);
    assertTrue(rig.irq(1));
    assertEquals(27, rig.iar(1));
    assertEquals(1 << 27, rig.read(REDIST, FRAMES + SGI + ISACTIVER));
    assertEquals(0, rig.read(REDIST, SGI + ISACTIVER));
  }

  @Test
  void softwareInterruptsReachTheirTargets() {
    rig.start(4);
    for (int cpu = 0; cpu < 4; cpu++) {
      rig.write(REDIST, cpu * FRAMES + SGI + ISENABLER, 0xFFFF);
    }
    rig.msr(0, ICC_SGI1R_EL1, 5L << 24 | 0b1010);
    assertEquals(List.of(false, true, false, true), List.of(rig.irq(0), rig.irq(1), rig.irq(2), rig.irq(3)));
    assertEquals(5, rig.iar(1));
    rig.eoi(1, 5);
    assertFalse(rig.irq(1));
    rig.msr(3, ICC_SGI1R_EL1, 1L << 40 | 2L << 24);
    assertTrue(rig.irq(0) && rig.irq(1) && rig.irq(2), "all but itself");
    assertEquals(2, rig.iar(0));
    rig.msr(0, ICC_SGI1R_EL1, 1L << 16 | 3L << 24 | 0xF);
    assertEquals(1 << 2, rig.read(REDIST, 2 * FRAMES + SGI + ISPENDR), "cluster 1 does not exist");
    rig.msr(0, ICC_SGI0R_EL1, 7L << 24 | 0xF);
    assertEquals(1 << 2, rig.read(REDIST, 2 * FRAMES + SGI + ISPENDR), "interrupt 7 is in group 1");
  }
}
