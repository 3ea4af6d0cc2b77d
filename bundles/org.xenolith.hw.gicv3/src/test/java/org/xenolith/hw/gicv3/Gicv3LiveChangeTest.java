// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.gicv3.Gicv3Rig.DIST;
import static org.xenolith.hw.gicv3.Gicv3Rig.IROUTER;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_RPR_EL1;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;

/** A controller is replaced and removed with interrupts on the way. */
class Gicv3LiveChangeTest {
  private final Gicv3Rig rig = new Gicv3Rig();

  @Test
  void handOverKeepsEverything() {
    rig.start(2);
    rig.enable(33, 0x80);
    rig.enable(35, 0x90);
    rig.context.write(DIST, IROUTER + 8 * 35, 8, 1);
    rig.line(33, true);
    rig.line(35, true);
    assertEquals(33, rig.iar(0));
    FakeContext next = rig.context.successor();
    DeviceModel successor = next.create(new Gicv3Component());
    successor.state().restore(rig.model.state().save());
    successor.restored();
    rig.context = next;
    assertEquals(rig.model.state().save(), successor.state().save());
    assertEquals(0x80, rig.mrs(0, ICC_RPR_EL1));
    assertTrue(rig.irq(1));
    assertEquals(35, rig.iar(1));
    rig.line(33, false);
    rig.eoi(0, 33);
    assertFalse(rig.irq(0));
  }

  @Test
  void removedControllerInterruptsNobody() {
    rig.start(1);
    rig.enable(33, 0x80);
    rig.line(33, true);
    assertTrue(rig.irq(0));
    rig.model.removed();
    assertFalse(rig.irq(0));
  }
}
