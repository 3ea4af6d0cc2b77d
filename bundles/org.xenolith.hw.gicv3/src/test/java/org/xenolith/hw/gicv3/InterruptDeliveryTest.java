// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.gicv3.Gicv3Rig.DIST;
import static org.xenolith.hw.gicv3.Gicv3Rig.ICFGR;
import static org.xenolith.hw.gicv3.Gicv3Rig.ICPENDR;
import static org.xenolith.hw.gicv3.Gicv3Rig.IGROUPR;
import static org.xenolith.hw.gicv3.Gicv3Rig.ISACTIVER;
import static org.xenolith.hw.gicv3.Gicv3Rig.ISPENDR;
import static org.xenolith.hw.gicv3.Gicv3Rig.NONE;
import static org.xenolith.hw.gicv3.Gicv3Rig.REDIST;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_AP1R0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_BPR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_BPR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_CTLR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_DIR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_HPPIR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IGRPEN0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_PMR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_RPR_EL1;

import org.junit.jupiter.api.Test;

/** When an interrupt is pending, delivered and over. */
class InterruptDeliveryTest {
  private final Gicv3Rig rig = new Gicv3Rig();

  @Test
  void levelInterruptStaysPendingUntilTheLineFalls() {
    rig.start(1);
    rig.enable(33, 0xA0);
    rig.line(33, true);
    assertTrue(rig.irq(0));
    assertFalse(rig.fiq(0));
    assertEquals(33, rig.mrs(0, ICC_HPPIR1_EL1));
    assertEquals(33, rig.iar(0));
    assertEquals(0xA0, rig.mrs(0, ICC_RPR_EL1));
    assertFalse(rig.irq(0));
    rig.eoi(0, 33);
    assertTrue(rig.irq(0), "the line is still high");
    rig.line(33, false);
    assertFalse(rig.irq(0));
    assertEquals(NONE, rig.iar(0));
    assertEquals(0xFF, rig.mrs(0, ICC_RPR_EL1));
  }

  @Test
  void edgeInterruptIsLatchedOncePerEdge() {
    rig.start(1);
    rig.write(DIST, ICFGR + 8, 2 << 2);
    assertEquals(2 << 2, rig.read(DIST, ICFGR + 8));
    rig.enable(33, 0xA0);
    rig.line(33, true);
    rig.line(33, false);
    assertEquals(33, rig.iar(0));
    rig.line(33, true);
    rig.eoi(0, 33);
    assertEquals(33, rig.iar(0), "an edge while active is a second interrupt");
    rig.eoi(0, 33);
    assertFalse(rig.irq(0));
  }

  @Test
  void pendingCanBeWrittenByHand() {
    rig.start(1);
    rig.enable(40, 0);
    rig.write(DIST, ISPENDR + 4, 1 << 8);
    assertTrue(rig.irq(0));
    rig.write(DIST, ICPENDR + 4, 1 << 8);
    assertFalse(rig.irq(0));
  }

  @Test
  void higherPriorityPreempts() {
    rig.start(1);
    rig.enable(40, 0x80);
    rig.enable(41, 0x40);
    rig.line(40, true);
    assertEquals(40, rig.iar(0));
    rig.line(41, true);
    assertTrue(rig.irq(0));
    assertEquals(41, rig.iar(0));
    assertEquals(0x40, rig.mrs(0, ICC_RPR_EL1));
    assertEquals(1 << 8 | 1 << 16, rig.mrs(0, ICC_AP1R0_EL1));
    rig.eoi(0, 41);
    assertEquals(0x80, rig.mrs(0, ICC_RPR_EL1));
    rig.eoi(0, 40);
  }

  @Test
  void binaryPointsHaveTheirLeastValuesAndJoinPriorities() {
    rig.start(1);
    assertEquals(2, rig.mrs(0, ICC_BPR0_EL1));
    assertEquals(3, rig.mrs(0, ICC_BPR1_EL1));
    rig.msr(0, ICC_BPR1_EL1, 0);
    assertEquals(3, rig.mrs(0, ICC_BPR1_EL1));
    rig.msr(0, ICC_BPR1_EL1, 7);
    rig.enable(40, 0x70);
    rig.enable(41, 0x10);
    rig.line(40, true);
    assertEquals(40, rig.iar(0));
    rig.line(41, true);
    assertFalse(rig.irq(0));
    rig.msr(0, ICC_CTLR_EL1, 1);
    assertEquals(3, rig.mrs(0, ICC_BPR1_EL1), "the common one plus one");
  }

  @Test
  void maskKeepsImplementedBitsAndHides() {
    rig.start(1);
    rig.msr(0, ICC_PMR_EL1, 0xFF);
    assertEquals(0xF8, rig.mrs(0, ICC_PMR_EL1));
    rig.enable(40, 0x80);
    rig.line(40, true);
    rig.msr(0, ICC_PMR_EL1, 0x80);
    assertFalse(rig.irq(0));
    assertEquals(NONE, rig.iar(0));
  }

  @Test
  void groupZeroIsFiq() {
    rig.start(1);
    rig.write(DIST, IGROUPR + 4, 0);
    rig.enable(33, 0x80);
    rig.line(33, true);
    assertFalse(rig.fiq(0), "group 0 not enabled");
    rig.msr(0, ICC_IGRPEN0_EL1, 1);
    assertTrue(rig.fiq(0));
    assertFalse(rig.irq(0));
    assertEquals(NONE, rig.iar(0));
    assertEquals(33, rig.mrs(0, ICC_IAR0_EL1));
    rig.eoi(0, 33);
    assertEquals(0x80, rig.mrs(0, ICC_RPR_EL1), "the other group can't end it");
    rig.msr(0, ICC_EOIR0_EL1, 33);
    assertEquals(0xFF, rig.mrs(0, ICC_RPR_EL1));
  }

  @Test
  void splitEndOfInterruptNeedsBothSteps() {
    rig.start(1);
    rig.msr(0, ICC_CTLR_EL1, 2);
    rig.enable(33, 0x80);
    rig.line(33, true);
    assertEquals(33, rig.iar(0));
    rig.eoi(0, 33);
    assertEquals(2, rig.read(DIST, ISACTIVER + 4));
    assertFalse(rig.irq(0));
    rig.msr(0, ICC_DIR_EL1, 33);
    assertTrue(rig.irq(0));
  }

  @Test
  void aCpuThatIsPoweredOnFindsItsRedistributorAwake() {
    rig.create(2);
    long second = 0x14 + Gicv3Rig.FRAMES;
    assertEquals(6, rig.read(REDIST, second), "asleep after reset");
    rig.context.cpus().get(1).powerOn(0x4000_0000, 0);
    assertEquals(0, rig.read(REDIST, second));
    assertEquals(6, rig.read(REDIST, 0x14), "the other CPU's");
    rig.write(REDIST, second, 2);
    rig.context.cpus().get(1).powerOff();
    rig.context.cpus().get(1).powerOn(0x4000_0000, 0);
    assertEquals(0, rig.read(REDIST, second), "sent to sleep before its CPU was powered off");
  }

  @Test
  void sleepingRedistributorForwardsNothing() {
    rig.start(1);
    rig.enable(33, 0x80);
    rig.line(33, true);
    rig.write(REDIST, 0x14, 2);
    assertEquals(6, rig.read(REDIST, 0x14));
    assertFalse(rig.irq(0));
    rig.write(REDIST, 0x14, 0);
    assertTrue(rig.irq(0));
  }
}
