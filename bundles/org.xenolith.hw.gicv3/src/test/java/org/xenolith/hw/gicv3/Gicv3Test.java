package org.xenolith.hw.gicv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort.Signal;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.SystemRegisterTrap;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RecordedAccess;

class Gicv3Test {
  private static final int DIST = 0;
  private static final int REDIST = 1;
  private static final int NONE = 1023;
  private static final int FRAMES = 0x2_0000;
  private static final int SGI = 0x1_0000;
  private static final int IGROUPR = 0x80;
  private static final int ISENABLER = 0x100;
  private static final int ISPENDR = 0x200;
  private static final int ICPENDR = 0x280;
  private static final int ISACTIVER = 0x300;
  private static final int IPRIORITYR = 0x400;
  private static final int ICFGR = 0xC00;
  private static final int IROUTER = 0x6000;

  private FakeContext context;
  private DeviceModel model;

  private static FakeNode node() {
    return FakeNode.at("/intc@8000000").compatible("arm,gic-v3").window(0x800_0000, 0x1_0000)
        .window(0x80A_0000, 0xF6_0000);
  }

  /** Everything in group 1 and forwarded, as a kernel sets it up. */
  private void start(int cpus) {
    context = new FakeContext(node().build(), cpus);
    model = context.create(new Gicv3Component());
    write(DIST, 0, 3);
    for (int i = 1; i < 8; i++) {
      write(DIST, IGROUPR + 4 * i, 0xFFFF_FFFFL);
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      write(REDIST, cpu * FRAMES + 0x14, 0);
      write(REDIST, cpu * FRAMES + SGI + IGROUPR, 0xFFFF_FFFFL);
      msr(cpu, IccRegisters.ICC_PMR_EL1, 0xF0);
      msr(cpu, IccRegisters.ICC_IGRPEN1_EL1, 1);
    }
  }

  private long read(int window, long offset) {
    return context.read(window, offset, 4);
  }

  private void write(int window, long offset, long value) {
    context.write(window, offset, 4, value);
  }

  private long mrs(int cpu, int id) {
    return context.cpus().get(cpu).mrs(id);
  }

  private void msr(int cpu, int id, long value) {
    context.cpus().get(cpu).msr(id, value);
  }

  private long iar(int cpu) {
    return mrs(cpu, IccRegisters.ICC_IAR1_EL1);
  }

  private void eoi(int cpu, long id) {
    msr(cpu, IccRegisters.ICC_EOIR1_EL1, id);
  }

  private void enable(int id, int priority) {
    write(DIST, ISENABLER + id / 32 * 4, 1L << id % 32);
    context.write(DIST, IPRIORITYR + id, 1, priority);
  }

  private void line(int id, boolean level) {
    context.inputs().set(id, id < 32 ? 0 : -1, level);
  }

  private boolean irq(int cpu) {
    return context.cpus().get(cpu).signal(Signal.IRQ);
  }

  private boolean fiq(int cpu) {
    return context.cpus().get(cpu).signal(Signal.FIQ);
  }

  @Test void bootOfOneCpuReadsWhatQemuRead() {
    replay("boot-1-cpu.txt", 1);
  }

  @Test void bootOfTwoCpusReadsWhatQemuRead() {
    replay("boot-2-cpu.txt", 2);
  }

  /** What differs because the recorded machine had an ITS: LPI support in the type registers and the LPI registers. */
  private void replay(String resource, int cpus) {
    context = new FakeContext(node().build(), cpus);
    model = context.create(new Gicv3Component());
    int reads = 0;
    for (RecordedAccess access : RecordedAccess.read(Gicv3Test.class, resource)) {
      int window = access.region().equals("gicv3_dist") ? DIST : REDIST;
      long offset = access.address() - (window == DIST ? 0x800_0000 : 0x80A_0000);
      long inFrame = offset % FRAMES;
      if (window == REDIST && (inFrame == 0 || inFrame == 0x70 || inFrame == 0x78)) {
        continue;
      }
      if (access.write()) {
        context.write(window, offset, access.size(), access.value());
      } else {
        long lpis = window == DIST ? offset == 4 ? 1 << 17 : 0 : inFrame == 8 ? 1 : 0;
        assertEquals(access.value() & ~lpis, context.read(window, offset, access.size()), access.toString());
        reads++;
      }
    }
    assertTrue(reads > 20, "too few reads: " + reads);
    assertEquals(List.of(), context.reportedFaults());
  }

  @Test void identificationIsQemus() {
    start(2);
    assertEquals(0x53, read(DIST, 0));
    assertEquals(0x378_0007, read(DIST, 4));
    assertEquals(0x43B, read(DIST, 8));
    assertEquals(0x92, read(DIST, 0xFFE0));
    assertEquals(0x3B, read(DIST, 0xFFE8));
    assertEquals(0x93, read(REDIST, 0xFFE0));
    assertEquals(0x43B, read(REDIST, 4));
    assertEquals(0x100_0000L, context.read(REDIST, 8, 8));
    assertEquals(0x1_0100_0110L, context.read(REDIST, FRAMES + 8, 8));
    assertEquals(0xAAAA_AAAAL, read(REDIST, SGI + ICFGR));
    assertEquals(0x8C00, mrs(0, IccRegisters.ICC_CTLR_EL1));
    assertEquals(7, mrs(0, IccRegisters.ICC_SRE_EL1));
    assertEquals(0xFF, mrs(0, IccRegisters.ICC_RPR_EL1));
    assertEquals(NONE, iar(0));
  }

  @Test void levelInterruptStaysPendingUntilTheLineFalls() {
    start(1);
    enable(33, 0xA0);
    line(33, true);
    assertTrue(irq(0));
    assertFalse(fiq(0));
    assertEquals(33, mrs(0, IccRegisters.ICC_HPPIR1_EL1));
    assertEquals(33, iar(0));
    assertEquals(0xA0, mrs(0, IccRegisters.ICC_RPR_EL1));
    assertFalse(irq(0));
    eoi(0, 33);
    assertTrue(irq(0), "the line is still high");
    line(33, false);
    assertFalse(irq(0));
    assertEquals(NONE, iar(0));
    assertEquals(0xFF, mrs(0, IccRegisters.ICC_RPR_EL1));
  }

  @Test void edgeInterruptIsLatchedOncePerEdge() {
    start(1);
    write(DIST, ICFGR + 8, 2 << 2);
    assertEquals(2 << 2, read(DIST, ICFGR + 8));
    enable(33, 0xA0);
    line(33, true);
    line(33, false);
    assertEquals(33, iar(0));
    line(33, true);
    eoi(0, 33);
    assertEquals(33, iar(0), "an edge while active is a second interrupt");
    eoi(0, 33);
    assertFalse(irq(0));
  }

  @Test void higherPriorityPreempts() {
    start(1);
    enable(40, 0x80);
    enable(41, 0x40);
    line(40, true);
    assertEquals(40, iar(0));
    line(41, true);
    assertTrue(irq(0));
    assertEquals(41, iar(0));
    assertEquals(0x40, mrs(0, IccRegisters.ICC_RPR_EL1));
    assertEquals(1 << 8 | 1 << 16, mrs(0, IccRegisters.ICC_AP1R0_EL1));
    eoi(0, 41);
    assertEquals(0x80, mrs(0, IccRegisters.ICC_RPR_EL1));
    eoi(0, 40);
  }

  @Test void binaryPointsHaveTheirLeastValuesAndJoinPriorities() {
    start(1);
    assertEquals(2, mrs(0, IccRegisters.ICC_BPR0_EL1));
    assertEquals(3, mrs(0, IccRegisters.ICC_BPR1_EL1));
    msr(0, IccRegisters.ICC_BPR1_EL1, 0);
    assertEquals(3, mrs(0, IccRegisters.ICC_BPR1_EL1));
    msr(0, IccRegisters.ICC_BPR1_EL1, 7);
    enable(40, 0x70);
    enable(41, 0x10);
    line(40, true);
    assertEquals(40, iar(0));
    line(41, true);
    assertFalse(irq(0));
    msr(0, IccRegisters.ICC_CTLR_EL1, 1);
    assertEquals(3, mrs(0, IccRegisters.ICC_BPR1_EL1), "the common one plus one");
  }

  @Test void maskKeepsImplementedBitsAndHides() {
    start(1);
    msr(0, IccRegisters.ICC_PMR_EL1, 0xFF);
    assertEquals(0xF8, mrs(0, IccRegisters.ICC_PMR_EL1));
    enable(40, 0x80);
    line(40, true);
    msr(0, IccRegisters.ICC_PMR_EL1, 0x80);
    assertFalse(irq(0));
    assertEquals(NONE, iar(0));
  }

  @Test void routesFollowAffinity() {
    start(4);
    enable(50, 0);
    context.write(DIST, IROUTER + 8 * 50, 8, 2);
    line(50, true);
    assertEquals(List.of(false, false, true, false), List.of(irq(0), irq(1), irq(2), irq(3)));
    assertEquals(2, context.read(DIST, IROUTER + 8 * 50, 8));
    context.write(DIST, IROUTER + 8 * 50, 8, 0x8000_0003L);
    assertEquals(3, context.read(DIST, IROUTER + 8 * 50, 8), "no 1-of-N");
    assertTrue(irq(3));
    assertFalse(irq(2));
    context.write(DIST, IROUTER + 8 * 50, 8, 0x100);
    assertFalse(irq(3), "no such CPU");
  }

  @Test void privateInterruptsAreInTheRedistributors() {
    start(2);
    write(DIST, ISENABLER, 1 << 27);
    assertEquals(0, read(DIST, ISENABLER));
    write(REDIST, FRAMES + SGI + ISENABLER, 1 << 27);
    context.write(REDIST, FRAMES + SGI + IPRIORITYR + 27, 1, 0x20);
    context.inputs().set(27, 0, true);
    assertFalse(irq(0));
    context.inputs().set(27, 1, true);
    assertTrue(irq(1));
    assertEquals(27, iar(1));
    assertEquals(1 << 27, read(REDIST, FRAMES + SGI + ISACTIVER));
    assertEquals(0, read(REDIST, SGI + ISACTIVER));
  }

  @Test void softwareInterruptsReachTheirTargets() {
    start(4);
    for (int cpu = 0; cpu < 4; cpu++) {
      write(REDIST, cpu * FRAMES + SGI + ISENABLER, 0xFFFF);
    }
    msr(0, IccRegisters.ICC_SGI1R_EL1, 5L << 24 | 0b1010);
    assertEquals(List.of(false, true, false, true), List.of(irq(0), irq(1), irq(2), irq(3)));
    assertEquals(5, iar(1));
    eoi(1, 5);
    assertFalse(irq(1));
    msr(3, IccRegisters.ICC_SGI1R_EL1, 1L << 40 | 2L << 24);
    assertTrue(irq(0) && irq(1) && irq(2), "all but itself");
    assertEquals(2, iar(0));
    msr(0, IccRegisters.ICC_SGI1R_EL1, 1L << 16 | 3L << 24 | 0xF);
    assertEquals(1 << 2, read(REDIST, 2 * FRAMES + SGI + ISPENDR), "cluster 1 does not exist");
    msr(0, IccRegisters.ICC_SGI0R_EL1, 7L << 24 | 0xF);
    assertEquals(1 << 2, read(REDIST, 2 * FRAMES + SGI + ISPENDR), "interrupt 7 is in group 1");
  }

  @Test void groupZeroIsFiq() {
    start(1);
    write(DIST, IGROUPR + 4, 0);
    enable(33, 0x80);
    line(33, true);
    assertFalse(fiq(0), "group 0 not enabled");
    msr(0, IccRegisters.ICC_IGRPEN0_EL1, 1);
    assertTrue(fiq(0));
    assertFalse(irq(0));
    assertEquals(NONE, iar(0));
    assertEquals(33, mrs(0, IccRegisters.ICC_IAR0_EL1));
    eoi(0, 33);
    assertEquals(0x80, mrs(0, IccRegisters.ICC_RPR_EL1), "the other group can't end it");
    msr(0, IccRegisters.ICC_EOIR0_EL1, 33);
    assertEquals(0xFF, mrs(0, IccRegisters.ICC_RPR_EL1));
  }

  @Test void splitEndOfInterruptNeedsBothSteps() {
    start(1);
    msr(0, IccRegisters.ICC_CTLR_EL1, 2);
    enable(33, 0x80);
    line(33, true);
    assertEquals(33, iar(0));
    eoi(0, 33);
    assertEquals(2, read(DIST, ISACTIVER + 4));
    assertFalse(irq(0));
    msr(0, IccRegisters.ICC_DIR_EL1, 33);
    assertTrue(irq(0));
  }

  @Test void sleepingRedistributorForwardsNothing() {
    start(1);
    enable(33, 0x80);
    line(33, true);
    write(REDIST, 0x14, 2);
    assertEquals(6, read(REDIST, 0x14));
    assertFalse(irq(0));
    write(REDIST, 0x14, 0);
    assertTrue(irq(0));
  }

  @Test void pendingCanBeWrittenByHand() {
    start(1);
    enable(40, 0);
    write(DIST, ISPENDR + 4, 1 << 8);
    assertTrue(irq(0));
    write(DIST, ICPENDR + 4, 1 << 8);
    assertFalse(irq(0));
  }

  @Test void specifiersNameInputs() {
    start(1);
    InterruptInputs inputs = context.inputs();
    assertEquals(33, inputs.input(new int[] {0, 1, 4}));
    assertEquals(27, inputs.input(new int[] {1, 11, 4}));
    assertEquals(-1, inputs.input(new int[] {0, 224, 4}));
    assertEquals(-1, inputs.input(new int[] {4, 0, 4}));
  }

  @Test void unknownRegistersAreReported() {
    start(1);
    assertEquals(0, read(DIST, 0x40));
    write(REDIST, FRAMES, 1);
    assertEquals(0, read(REDIST, SGI + 0x84));
    assertEquals(3, context.reportedFaults().size());
    assertThrows(SystemRegisterTrap.class, () -> mrs(0, IccRegisters.ICC_EOIR1_EL1));
    assertThrows(SystemRegisterTrap.class, () -> msr(0, IccRegisters.ICC_IAR1_EL1, 0));
    assertThrows(SystemRegisterTrap.class, () -> mrs(0, IccRegisters.ICC_AP1R0_EL1 + 1));
    assertThrows(SystemRegisterTrap.class, () -> mrs(0, IccRegisters.ICC_SRE_EL2));
  }

  @Test void handOverKeepsEverything() {
    start(2);
    enable(33, 0x80);
    enable(35, 0x90);
    context.write(DIST, IROUTER + 8 * 35, 8, 1);
    line(33, true);
    line(35, true);
    assertEquals(33, iar(0));
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Gicv3Component());
    successor.state().restore(model.state().save());
    successor.restored();
    context = next;
    assertEquals(model.state().save(), successor.state().save());
    assertEquals(0x80, mrs(0, IccRegisters.ICC_RPR_EL1));
    assertTrue(irq(1));
    assertEquals(35, iar(1));
    line(33, false);
    eoi(0, 33);
    assertFalse(irq(0));
  }

  @Test void regionsTakeTheCpusInOrder() {
    FakeNode two = FakeNode.at("/intc").compatible("arm,gic-v3").cells("#redistributor-regions", 2)
        .window(0x800_0000, 0x1_0000).window(0x80A_0000, 0x4_0000).window(0x40_0000_0000L, 0x10_0000);
    context = new FakeContext(two.build(), 3);
    context.create(new Gicv3Component());
    assertEquals(0x10, read(1, FRAMES + 8) & 0x10);
    assertEquals(2, read(2, 0xC));
    assertEquals(0x10, read(2, 8) & 0x10);
    assertThrows(ModelException.class, () -> new FakeContext(FakeNode.at("/intc").compatible("arm,gic-v3")
        .window(0x800_0000, 0x1_0000).window(0x80A_0000, 0x4_0000).build(), 3).create(new Gicv3Component()));
  }

  @Test void removedControllerInterruptsNobody() {
    start(1);
    enable(33, 0x80);
    line(33, true);
    assertTrue(irq(0));
    model.removed();
    assertFalse(irq(0));
  }

  @Test void wrongOptionsAreRefused() {
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("lines", "100").build()).create(new Gicv3Component()));
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("priority-bits", "4").build()).create(new Gicv3Component()));
  }

  @Test void randomAccessesNeverThrow() {
    long seed = 0x5EED_0007L;
    Random random = new Random(seed);
    start(4);
    int[] ids = context.cpus().get(0).claimedRegisters();
    for (int i = 0; i < 300_000; i++) {
      int cpu = random.nextInt(4);
      int size = 1 << random.nextInt(4);
      switch (random.nextInt(4)) {
        case 0 -> {
          long offset = random.nextInt(random.nextBoolean() ? 0x1000 : 0x1_0000) & -size;
          access(random, DIST, offset, size);
        }
        case 1 -> {
          long offset = random.nextInt(5 * FRAMES) & (random.nextBoolean() ? ~0xF000 : ~0) & -size;
          access(random, REDIST, offset, size);
        }
        case 2 -> context.inputs().set(16 + random.nextInt(240), random.nextInt(4), random.nextBoolean());
        default -> {
          try {
            int id = ids[random.nextInt(ids.length)];
            if (random.nextBoolean()) {
              mrs(cpu, id);
            } else {
              msr(cpu, id, random.nextLong());
            }
          } catch (SystemRegisterTrap trapped) {
            assertEquals(0, trapped.target());
          }
        }
      }
    }
  }

  private void access(Random random, int window, long offset, int size) {
    if (random.nextBoolean()) {
      context.read(window, offset, size);
    } else {
      context.write(window, offset, size, random.nextLong());
    }
  }

  @Test void thereAreAsManyLinesAsThePlatformNeeds() {
    FakeContext large = new FakeContext(node().build()).incoming(0, 500, 4).incoming(1, 9, 4);
    InterruptInputs inputs = (InterruptInputs) large.create(new Gicv3Component());
    assertEquals(544 / 32 - 1, large.read(DIST, 4, 4) & 31, "GICD_TYPER.ITLinesNumber");
    assertEquals(532, inputs.input(new int[] {0, 500, 4}));
    assertEquals(-1, inputs.input(new int[] {0, 544 - 32, 4}));
  }
}
