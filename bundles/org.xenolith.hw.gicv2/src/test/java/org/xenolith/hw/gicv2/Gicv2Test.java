// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RecordedAccess;

class Gicv2Test {
  private static final int DIST = 0;
  private static final int CPU = 1;
  private static final int CTLR = 0x0;
  private static final int ISENABLER = 0x100;
  private static final int ICENABLER = 0x180;
  private static final int ISPENDR = 0x200;
  private static final int ICPENDR = 0x280;
  private static final int ISACTIVER = 0x300;
  private static final int IPRIORITYR = 0x400;
  private static final int ITARGETSR = 0x800;
  private static final int ICFGR = 0xC00;
  private static final int SGIR = 0xF00;
  private static final int PMR = 0x4;
  private static final int BPR = 0x8;
  private static final int IAR = 0xC;
  private static final int EOIR = 0x10;
  private static final int RPR = 0x14;
  private static final int HPPIR = 0x18;
  private static final int AIAR = 0x20;
  private static final int AEOIR = 0x24;
  private static final int DIR = 0x1000;
  private static final int NONE = 1023;

  private FakeContext context;
  private DeviceModel model;

  private static FakeNode node() {
    return FakeNode.at("/intc@8000000").compatible("arm,cortex-a15-gic").window(0x800_0000, 0x1_0000)
        .window(0x801_0000, 0x1_0000);
  }

  private void start(int cpus) {
    context = new FakeContext(node().build(), cpus);
    model = context.create(new Gicv2Component());
    write(DIST, CTLR, 1);
    for (int cpu = 0; cpu < cpus; cpu++) {
      context.initiator(cpu);
      write(CPU, CTLR, 1);
      write(CPU, PMR, 0xFF);
    }
    context.initiator(0);
  }

  private long read(int window, long offset) {
    return context.read(window, offset, 4);
  }

  private void write(int window, long offset, long value) {
    context.write(window, offset, 4, value);
  }

  private void enable(int id, int priority) {
    write(DIST, ISENABLER + id / 32 * 4, 1L << id % 32);
    context.write(DIST, IPRIORITYR + id, 1, priority);
    if (id >= 32) {
      context.write(DIST, ITARGETSR + id, 1, 1);
    }
  }

  private void line(int id, boolean level) {
    context.inputs().set(id, id < 32 ? 0 : -1, level);
  }

  private boolean irq(int cpu) {
    return context.cpus().get(cpu).signal(Signal.IRQ);
  }

  @Test
  void bootOfOneCpuReadsWhatQemuRead() {
    replay("boot-1-cpu.txt", 1);
  }

  @Test
  void bootOfTwoCpusReadsWhatQemuRead() {
    replay("boot-2-cpus.txt", 2);
  }

  /** The peripheral lines are not in the record: one is raised just before the acknowledge that names it. */
  private void replay(String resource, int cpus) {
    context = new FakeContext(node().build(), cpus);
    model = context.create(new Gicv2Component());
    int reads = 0;
    for (RecordedAccess access : RecordedAccess.read(Gicv2Test.class, resource)) {
      int window = access.region().equals("gic_dist") ? DIST : CPU;
      long offset = access.address() & 0xFFFF;
      context.initiator(access.cpu());
      int id = (int) access.value() & 0x3FF;
      boolean peripheral = window == CPU && id >= 16 && id < 288;
      if (access.write()) {
        if (peripheral && offset == EOIR) {
          context.inputs().set(id, id < 32 ? access.cpu() : -1, false);
        }
        context.write(window, offset, access.size(), access.value());
      } else {
        if (peripheral && offset == IAR) {
          context.inputs().set(id, id < 32 ? access.cpu() : -1, true);
        }
        assertEquals(access.value(), context.read(window, offset, access.size()), access.toString());
        reads++;
      }
    }
    assertTrue(reads > 150, "too few reads: " + reads);
    assertEquals(List.of(), context.reportedFaults());
  }

  @Test
  void identificationIsQemus() {
    start(4);
    assertEquals(0x68, read(DIST, 4));
    assertEquals(0x43B, read(DIST, 8));
    assertEquals(0x2B, read(DIST, 0xFE8));
    assertEquals(0x2043B, read(CPU, 0xFC));
    assertEquals(0xFFFF, read(DIST, ISENABLER));
    assertEquals(0xAAAA_AAAAL, read(DIST, ICFGR));
    assertEquals(0xFF, read(CPU, RPR));
    assertEquals(NONE, read(CPU, IAR));
    assertEquals(NONE, read(CPU, HPPIR));
  }

  @Test
  void levelInterruptStaysPendingUntilTheLineFalls() {
    start(1);
    enable(33, 0xA0);
    line(33, true);
    assertTrue(irq(0));
    assertEquals(33, read(CPU, IAR));
    assertFalse(irq(0), "active interrupts are not signalled");
    assertEquals(1L << 1, read(DIST, ISPENDR + 4), "active and pending");
    write(CPU, EOIR, 33);
    assertTrue(irq(0), "the line is still high");
    line(33, false);
    assertFalse(irq(0));
    assertEquals(NONE, read(CPU, IAR));
  }

  @Test
  void edgeInterruptIsLatchedOncePerEdge() {
    start(1);
    write(DIST, ICFGR + 8, 2 << 2);
    enable(33, 0xA0);
    line(33, true);
    line(33, false);
    assertTrue(irq(0));
    assertEquals(33, read(CPU, IAR));
    line(33, true);
    write(CPU, EOIR, 33);
    assertTrue(irq(0), "an edge while active is a second interrupt");
    assertEquals(33, read(CPU, IAR));
    write(CPU, EOIR, 33);
    assertFalse(irq(0), "the high level alone is none");
  }

  @Test
  void pendingWrittenByHandIsTakenAwayByHand() {
    start(1);
    enable(40, 0);
    write(DIST, ISPENDR + 4, 1 << 8);
    assertTrue(irq(0));
    write(DIST, ICPENDR + 4, 1 << 8);
    assertFalse(irq(0));
    line(40, true);
    write(DIST, ICPENDR + 4, 1 << 8);
    assertTrue(irq(0), "the level can't be cleared");
  }

  @Test
  void higherPriorityPreemptsAndRunningPriorityFollows() {
    start(1);
    enable(40, 0x80);
    enable(41, 0x40);
    enable(42, 0x81);
    line(40, true);
    line(42, true);
    assertEquals(40, read(CPU, IAR));
    assertEquals(0x80, read(CPU, RPR));
    assertFalse(irq(0), "0x81 does not preempt 0x80");
    line(41, true);
    assertTrue(irq(0));
    assertEquals(41, read(CPU, HPPIR));
    assertEquals(41, read(CPU, IAR));
    assertEquals(0x40, read(CPU, RPR));
    write(CPU, EOIR, 41);
    assertEquals(0x80, read(CPU, RPR));
    line(41, false);
    line(40, false);
    write(CPU, EOIR, 40);
    assertEquals(0xFF, read(CPU, RPR));
    assertEquals(42, read(CPU, IAR));
  }

  @Test
  void binaryPointJoinsPriorities() {
    start(1);
    write(CPU, BPR, 6);
    enable(40, 0x70);
    enable(41, 0x10);
    line(40, true);
    assertEquals(40, read(CPU, IAR));
    line(41, true);
    assertFalse(irq(0), "bits 6:0 don't take part in preemption");
    assertEquals(NONE, read(CPU, IAR));
  }

  @Test
  void maskHidesPrioritiesNotAboveIt() {
    start(1);
    enable(40, 0x80);
    line(40, true);
    write(CPU, PMR, 0x80);
    assertFalse(irq(0));
    assertEquals(NONE, read(CPU, IAR));
    write(CPU, PMR, 0x81);
    assertTrue(irq(0));
  }

  @Test
  void softwareInterruptsKeepTheirSources() {
    start(4);
    context.initiator(1);
    write(DIST, SGIR, 1 << 16 | 5);
    context.initiator(3);
    write(DIST, SGIR, 1 << 16 | 5);
    context.initiator(0);
    assertTrue(irq(0));
    assertEquals(5 | 1 << 10, read(CPU, IAR));
    write(CPU, EOIR, 5 | 1 << 10);
    assertEquals(5 | 3 << 10, read(CPU, IAR));
    write(CPU, EOIR, 5 | 3 << 10);
    assertFalse(irq(0));
    write(DIST, SGIR, 1 << 24 | 2);
    assertFalse(irq(0));
    assertTrue(irq(1) && irq(2) && irq(3), "all but itself");
    write(DIST, SGIR, 2 << 24 | 2);
    assertTrue(irq(0), "itself");
  }

  @Test
  void softwareInterruptsArePendedAndTakenAwayBySource() {
    start(2);
    context.write(DIST, 0xF20 + 3, 1, 2);
    assertTrue(irq(0));
    assertEquals(2L << 24, read(DIST, 0xF20));
    context.write(DIST, 0xF10 + 3, 1, 2);
    assertFalse(irq(0));
  }

  @Test
  void targetsDecideWhichCpusSeeASharedInterrupt() {
    start(4);
    enable(50, 0);
    context.write(DIST, ITARGETSR + 50, 1, 0b1010);
    assertEquals(0b1010, context.read(DIST, ITARGETSR + 50, 1));
    line(50, true);
    assertEquals(List.of(false, true, false, true), List.of(irq(0), irq(1), irq(2), irq(3)));
    context.initiator(3);
    assertEquals(50, read(CPU, IAR));
    assertFalse(irq(1), "taken by another CPU");
    context.initiator(2);
    assertEquals(0x0404_0404, read(DIST, ITARGETSR), "private interrupts are the reader's own");
  }

  @Test
  void privateInterruptsAreBanked() {
    start(2);
    context.initiator(1);
    enable(27, 0x20);
    context.inputs().set(27, 0, true);
    assertFalse(irq(0), "not enabled at CPU 0");
    assertFalse(irq(1));
    context.inputs().set(27, 1, true);
    assertTrue(irq(1));
    assertEquals(0x20, context.read(DIST, IPRIORITYR + 27, 1));
    context.initiator(0);
    assertEquals(0, context.read(DIST, IPRIORITYR + 27, 1));
  }

  @Test
  void splitEndOfInterruptNeedsBothSteps() {
    start(1);
    write(CPU, CTLR, 0x201);
    enable(33, 0x80);
    line(33, true);
    assertEquals(33, read(CPU, IAR));
    write(CPU, EOIR, 33);
    assertEquals(0xFF, read(CPU, RPR), "priority dropped");
    assertEquals(2, read(DIST, ISACTIVER + 4), "still active");
    assertFalse(irq(0));
    write(CPU, DIR, 33);
    assertEquals(0, read(DIST, ISACTIVER + 4));
    assertTrue(irq(0));
  }

  @Test
  void groupOneAnswersInTheAliasedRegisters() {
    start(1);
    write(DIST, CTLR, 3);
    write(CPU, CTLR, 0xB);
    write(DIST, 0x84, 1 << 1);
    enable(33, 0x80);
    enable(34, 0x90);
    line(33, true);
    line(34, true);
    assertTrue(irq(0), "group 1 is signalled as IRQ");
    assertFalse(context.cpus().get(0).signal(Signal.FIQ));
    assertEquals(1022, read(CPU, IAR));
    assertEquals(33, read(CPU, AIAR));
    line(33, false);
    write(CPU, AEOIR, 33);
    assertTrue(context.cpus().get(0).signal(Signal.FIQ), "group 0 with FIQEn");
    assertEquals(NONE, read(CPU, AIAR));
    assertEquals(34, read(CPU, IAR));
  }

  @Test
  void disabledInterruptsAndGroupsAreNotForwarded() {
    start(1);
    enable(33, 0);
    line(33, true);
    write(DIST, ICENABLER + 4, 2);
    assertFalse(irq(0));
    write(DIST, ISENABLER + 4, 2);
    write(DIST, CTLR, 2);
    assertFalse(irq(0));
    write(DIST, CTLR, 1);
    write(CPU, CTLR, 2);
    assertFalse(irq(0));
    write(CPU, CTLR, 1);
    assertTrue(irq(0));
  }

  @Test
  void specifiersNameInputs() {
    start(1);
    InterruptInputs inputs = context.inputs();
    assertEquals(33, inputs.input(new int[] {0, 1, 4}));
    assertEquals(27, inputs.input(new int[] {1, 11, 0x104}));
    assertEquals(-1, inputs.input(new int[] {0, 256, 4}));
    assertEquals(-1, inputs.input(new int[] {1, 16, 4}));
    assertEquals(-1, inputs.input(new int[] {2, 0, 4}));
    assertEquals(-1, inputs.input(new int[] {0}));
    assertEquals(-1, inputs.input(new int[] {0, -33, 4}));
  }

  @Test
  void unknownRegistersAreReported() {
    start(1);
    assertEquals(0, read(DIST, 0xD00));
    write(CPU, 0x40, 1);
    assertEquals(2, context.reportedFaults().size());
  }

  @Test
  void handOverKeepsEverything() {
    start(2);
    enable(33, 0x80);
    enable(35, 0x90);
    line(33, true);
    line(35, true);
    assertEquals(33, read(CPU, IAR));
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Gicv2Component());
    successor.state().restore(model.state().save());
    successor.restored();
    context = next;
    assertEquals(model.state().save(), successor.state().save());
    assertEquals(0x80, read(CPU, RPR));
    assertFalse(irq(0));
    context.inputs().set(33, -1, false);
    write(CPU, EOIR, 33);
    assertTrue(irq(0));
    assertEquals(35, read(CPU, IAR));
  }

  @Test
  void removedControllerInterruptsNobody() {
    start(1);
    enable(33, 0x80);
    line(33, true);
    assertTrue(irq(0));
    model.removed();
    assertFalse(irq(0));
  }

  @Test
  void wrongOptionsAreRefused() {
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("lines", "100").build()).create(new Gicv2Component()));
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("priority-bits", "9").build()).create(new Gicv2Component()));
    assertThrows(ModelException.class, () -> new FakeContext(node().build(), 9).create(new Gicv2Component()));
  }

  @Test
  void randomAccessesNeverThrow() {
    long seed = 0x5EED_0002L;
    java.util.Random random = new java.util.Random(seed);
    start(8);
    for (int i = 0; i < 200_000; i++) {
      context.initiator(random.nextInt(8));
      int window = random.nextInt(2);
      int size = 1 << random.nextInt(3);
      long offset = random.nextInt(window == DIST ? 0x1100 : random.nextBoolean() ? 0x100 : 0x2000) & -size;
      if (random.nextBoolean()) {
        context.read(window, offset, size);
      } else {
        context.write(window, offset, size, random.nextLong());
      }
      if (i % 7 == 0) {
        context.inputs().set(16 + random.nextInt(272), random.nextInt(8), random.nextBoolean());
      }
    }
  }
}
