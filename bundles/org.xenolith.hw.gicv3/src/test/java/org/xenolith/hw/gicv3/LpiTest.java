// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.arm.api.LpiController;
import org.xenolith.arm.api.LpiPort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RecordedAccess;

/** LPIs as an ITS and the kernel's driver handle them. */
class LpiTest {
  private static final int DIST = 0;
  private static final int REDIST = 1;
  private static final int NONE = 1023;
  private static final long FRAMES = 0x2_0000;
  private static final int CTLR = 0x0;
  private static final int PROPBASER = 0x70;
  private static final int PENDBASER = 0x78;
  private static final long CONFIGURATION = FakeMemory.BASE + 0x1_0000;
  private static final long PENDING = FakeMemory.BASE + 0x2_0000;
  private static final int LPI = 8192;
  private static final int ENABLED = 1;
  private static final long ZERO_TABLE = 1L << 62;

  private FakeContext context;
  private DeviceModel model;

  private static FakeNode node() {
    return FakeNode.at("/intc@8000000").compatible("arm,gic-v3").window(0x800_0000, 0x1_0000).window(0x80A_0000, 0xF6_0000);
  }

  private static PlatformNode its() {
    return FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its").window(0x808_0000, 0x2_0000).build();
  }

  private void create(int cpus) {
    context = new FakeContext(node().build(), cpus).beside(its());
    model = context.create(new Gicv3Component());
  }

  /** As a kernel sets the controller up, with a pending table of zeros. */
  private void start(int cpus) {
    create(cpus);
    context.write(DIST, 0, 4, 3);
    for (int cpu = 0; cpu < cpus; cpu++) {
      rd(cpu, 0x14, 4, 0);
      rd(cpu, PROPBASER, 8, CONFIGURATION | 15);
      rd(cpu, PENDBASER, 8, pending(cpu) | ZERO_TABLE);
      rd(cpu, CTLR, 4, 1);
      msr(cpu, IccRegisters.ICC_PMR_EL1, 0xF0);
      msr(cpu, IccRegisters.ICC_IGRPEN1_EL1, 1);
    }
  }

  private static long pending(int cpu) {
    return PENDING + 0x1_0000 * cpu;
  }

  private void rd(int cpu, int offset, int size, long value) {
    context.write(REDIST, cpu * FRAMES + offset, size, value);
  }

  private long rd(int cpu, int offset, int size) {
    return context.read(REDIST, cpu * FRAMES + offset, size);
  }

  private void msr(int cpu, int id, long value) {
    context.cpus().get(cpu).msr(id, value);
  }

  private long mrs(int cpu, int id) {
    return context.cpus().get(cpu).mrs(id);
  }

  private long iar(int cpu) {
    return mrs(cpu, IccRegisters.ICC_IAR1_EL1);
  }

  private void eoi(int cpu, long id) {
    msr(cpu, IccRegisters.ICC_EOIR1_EL1, id);
  }

  private boolean irq(int cpu) {
    return context.cpus().get(cpu).signal(Signal.IRQ);
  }

  private LpiController lpis() {
    return context.port(LpiPort.class).controller();
  }

  private void configure(int id, int priority, int enabled) {
    context.dma().write(CONFIGURATION + id - LPI, 1, priority | 2 | enabled);
  }

  @Test
  void bootOfOneCpuReadsWhatQemuRead() {
    replay("boot-1-cpu.txt", 1);
  }

  @Test
  void bootOfTwoCpusReadsWhatQemuRead() {
    replay("boot-2-cpu.txt", 2);
  }

  /** The recorded machine had an ITS; so every access counts, those to the registers of LPIs too. */
  private void replay(String resource, int cpus) {
    create(cpus);
    int lpiRegisters = 0;
    for (RecordedAccess access : RecordedAccess.read(LpiTest.class, resource)) {
      int window = access.region().equals("gicv3_dist") ? DIST : REDIST;
      long offset = access.address() - (window == DIST ? 0x800_0000 : 0x80A_0000);
      if (access.write()) {
        context.write(window, offset, access.size(), access.value());
      } else {
        assertEquals(access.value(), context.read(window, offset, access.size()), access.toString());
        lpiRegisters += window == REDIST && Lpis.isRegister(offset % FRAMES) ? 1 : 0;
      }
    }
    assertTrue(lpiRegisters >= 6 * cpus, "too few reads of LPI registers: " + lpiRegisters);
    assertEquals(List.of(), context.reportedFaults());
    for (int cpu = 0; cpu < cpus; cpu++) {
      assertEquals(3, rd(cpu, CTLR, 4), "LPIs are on");
    }
  }

  @Test
  void lpisAreThereWhereSomethingMakesThem() {
    create(1);
    assertEquals(1 << 17, context.read(DIST, 4, 4) & 1 << 17, "GICD_TYPER.LPIS");
    assertEquals(15, context.read(DIST, 4, 4) >> 19 & 31, "GICD_TYPER.IDbits");
    assertEquals(1, rd(0, 8, 4) & 1, "GICR_TYPER.PLPIS");
    assertNotNull(lpis());
    context = new FakeContext(node().build());
    context.create(new Gicv3Component());
    assertEquals(0, context.read(DIST, 4, 4) & 1 << 17);
    assertNull(lpis());
    context = new FakeContext(node().option("lpi", "false").build()).beside(its());
    context.create(new Gicv3Component());
    assertNull(lpis());
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("lpi", "perhaps").build()).create(new Gicv3Component()));
  }

  @Test
  void pendingLpiIsAcknowledgedAndEnded() {
    start(2);
    configure(LPI + 5, 0xA0, ENABLED);
    lpis().setPending(1, LPI + 5);
    assertFalse(irq(0));
    assertTrue(irq(1));
    assertEquals(LPI + 5, mrs(1, IccRegisters.ICC_HPPIR1_EL1));
    assertEquals(LPI + 5, iar(1));
    assertEquals(0xA0, mrs(1, IccRegisters.ICC_RPR_EL1));
    assertFalse(irq(1));
    lpis().setPending(1, LPI + 5);
    assertFalse(irq(1), "its own priority is running");
    eoi(1, LPI + 5);
    assertTrue(irq(1), "no active state: it is pending again");
    assertEquals(LPI + 5, iar(1));
    eoi(1, LPI + 5);
    assertEquals(NONE, iar(1));
    assertEquals(0xFF, mrs(1, IccRegisters.ICC_RPR_EL1));
  }

  @Test
  void splitEndOfInterruptNeedsNoDeactivation() {
    start(1);
    msr(0, IccRegisters.ICC_CTLR_EL1, 2);
    configure(LPI, 0xA0, ENABLED);
    lpis().setPending(0, LPI);
    assertEquals(LPI, iar(0));
    eoi(0, LPI);
    lpis().setPending(0, LPI);
    assertTrue(irq(0));
    msr(0, IccRegisters.ICC_DIR_EL1, LPI);
    assertTrue(irq(0), "deactivation of an LPI is ignored");
  }

  @Test
  void configurationIsKeptUntilItIsReloaded() {
    start(1);
    configure(LPI + 1, 0xA0, 0);
    lpis().setPending(0, LPI + 1);
    assertFalse(irq(0), "masked");
    configure(LPI + 1, 0xA0, ENABLED);
    assertFalse(irq(0), "not read again yet");
    lpis().reload(0, LPI + 1);
    assertTrue(irq(0));
    configure(LPI + 1, 0xA0, 0);
    assertTrue(irq(0));
    lpis().reloadAll(0);
    assertFalse(irq(0));
    configure(LPI + 1, 0x40, ENABLED);
    lpis().reloadAll(0);
    assertEquals(LPI + 1, iar(0));
    assertEquals(0x40, mrs(0, IccRegisters.ICC_RPR_EL1));
  }

  @Test
  void prioritiesOrderThem() {
    start(1);
    configure(LPI + 1, 0xA0, ENABLED);
    configure(LPI + 2, 0x80, ENABLED);
    configure(LPI + 3, 0x80, ENABLED);
    for (int id = LPI + 1; id <= LPI + 3; id++) {
      lpis().setPending(0, id);
    }
    context.write(DIST, 0x80 + 4, 4, 2);
    context.write(DIST, 0x100 + 4, 4, 2);
    context.write(DIST, 0x400 + 33, 1, 0x80);
    context.inputs().set(33, -1, true);
    assertEquals(33, iar(0), "of equals the lowest number");
    eoi(0, 33);
    context.inputs().set(33, -1, false);
    assertEquals(LPI + 2, iar(0));
    configure(LPI + 9, 0x40, ENABLED);
    lpis().setPending(0, LPI + 9);
    assertEquals(LPI + 9, iar(0), "preempts");
    eoi(0, LPI + 9);
    eoi(0, LPI + 2);
    assertEquals(LPI + 3, iar(0));
    eoi(0, LPI + 3);
    assertEquals(LPI + 1, iar(0));
  }

  @Test
  void theyAreOfGroupOne() {
    start(1);
    configure(LPI, 0xA0, ENABLED);
    lpis().setPending(0, LPI);
    assertEquals(NONE, mrs(0, IccRegisters.ICC_IAR0_EL1));
    context.write(DIST, 0, 4, 1);
    assertFalse(irq(0), "group 1 is not forwarded");
    context.write(DIST, 0, 4, 2);
    assertTrue(irq(0));
    rd(0, 0x14, 4, 2);
    assertFalse(irq(0), "a redistributor that sleeps forwards nothing");
  }

  @Test
  void pendingStateMoves() {
    start(2);
    configure(LPI, 0xA0, ENABLED);
    configure(LPI + 1, 0xA0, ENABLED);
    lpis().setPending(0, LPI);
    lpis().move(0, 1, LPI);
    assertFalse(irq(0));
    assertEquals(LPI, iar(1));
    eoi(1, LPI);
    lpis().move(0, 1, LPI);
    assertFalse(irq(1), "it wasn't pending");
    lpis().setPending(0, LPI);
    lpis().setPending(0, LPI + 1);
    lpis().moveAll(0, 1);
    assertFalse(irq(0));
    assertEquals(LPI, iar(1));
    eoi(1, LPI);
    lpis().clearPending(1, LPI + 1);
    assertEquals(NONE, iar(1));
  }

  @Test
  void withoutEnableLpisThereAreNone() {
    start(1);
    configure(LPI, 0xA0, ENABLED);
    rd(0, CTLR, 4, 0);
    assertEquals(2, rd(0, CTLR, 4));
    lpis().setPending(0, LPI);
    rd(0, PENDBASER, 8, pending(0) | ZERO_TABLE);
    rd(0, CTLR, 4, 1);
    assertFalse(irq(0));
  }

  @Test
  void numbersEndWhereTheTableEnds() {
    start(1);
    rd(0, CTLR, 4, 0);
    rd(0, PROPBASER, 8, CONFIGURATION | 13);
    rd(0, CTLR, 4, 1);
    context.dma().write(CONFIGURATION + 8191, 1, 0xA1);
    context.dma().write(CONFIGURATION + 8192, 1, 0xA1);
    for (int id : new int[] {LPI - 1, 33, -1, Integer.MIN_VALUE, LPI + 8192, 1 << 16, 1 << 24}) {
      lpis().setPending(0, id);
      assertFalse(irq(0), "LPI " + id);
    }
    lpis().setPending(7, LPI);
    lpis().setPending(-1, LPI);
    lpis().setPending(0, LPI + 8191);
    assertEquals(LPI + 8191, iar(0));
  }

  @Test
  void pendingTableIsReadAndWritten() {
    start(1);
    configure(LPI + 9, 0xA0, ENABLED);
    lpis().setPending(0, LPI + 9);
    rd(0, CTLR, 4, 0);
    assertFalse(irq(0));
    long at = pending(0) + (LPI + 9) / 8;
    assertEquals(1 << (LPI + 9) % 8, context.dma().read(at, 1), "written back");
    context.dma().write(at, 1, 1 << (LPI + 10) % 8);
    configure(LPI + 10, 0xA0, ENABLED);
    rd(0, PENDBASER, 8, pending(0));
    rd(0, CTLR, 4, 1);
    assertEquals(LPI + 10, iar(0));
    assertEquals(pending(0), rd(0, PENDBASER, 8));
  }

  @Test
  void basesStayWhileTheyAreInUse() {
    start(1);
    rd(0, PROPBASER, 8, 0);
    rd(0, PENDBASER, 8, 0);
    assertEquals(CONFIGURATION | 15, rd(0, PROPBASER, 8));
    assertEquals(pending(0), rd(0, PENDBASER, 8), "PTZ reads as zero");
    assertEquals(4, context.reportedFaults().size());
    rd(0, CTLR, 4, 0);
    rd(0, PROPBASER, 8, -1);
    assertEquals(0x070F_FFFF_FFFF_FF9FL, rd(0, PROPBASER, 8));
    rd(0, PENDBASER, 8, -1);
    assertEquals(0x070F_FFFF_FFFF_0F80L, rd(0, PENDBASER, 8));
  }

  @Test
  void tablesOutsideOfMemoryAreReported() {
    start(1);
    rd(0, CTLR, 4, 0);
    rd(0, PROPBASER, 8, 15);
    rd(0, PENDBASER, 8, 0);
    rd(0, CTLR, 4, 1);
    lpis().setPending(0, LPI);
    assertFalse(irq(0));
    rd(0, CTLR, 4, 0);
    assertEquals(List.of("lpi-table", "lpi-table", "lpi-table"),
        context.reportedEvents().stream().map(FakeContext.Event::kind).toList());
  }

  /** All of them pending, then masked one after the other: a search for each would not end. */
  @Test
  void allOfThemAtOnceAreHandled() {
    start(2);
    for (int id = LPI; id < 1 << 16; id++) {
      configure(id, 0xA0, ENABLED);
      lpis().setPending(0, id);
    }
    for (int id = LPI; id < 1 << 16; id++) {
      configure(id, 0xA0, id == 60_000 ? ENABLED : 0);
    }
    lpis().reloadAll(0);
    assertEquals(60_000, iar(0));
    lpis().moveAll(0, 1);
    assertFalse(irq(1));
    rd(1, CTLR, 4, 0);
    assertEquals(0xFF, context.dma().read(pending(1) + 8191, 1));
  }

  @Test
  void handOverKeepsPendingLpisAndTheirConfiguration() {
    start(2);
    configure(LPI + 1, 0xA0, ENABLED);
    configure(LPI + 2, 0x80, 0);
    lpis().setPending(1, LPI + 1);
    lpis().setPending(1, LPI + 2);
    configure(LPI + 1, 0xA0, 0);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Gicv3Component());
    successor.state().restore(model.state().save());
    successor.restored();
    context = next;
    assertEquals(model.state().save(), successor.state().save());
    assertTrue(irq(1), "as it was configured when it became pending");
    assertEquals(LPI + 1, iar(1));
    eoi(1, LPI + 1);
    configure(LPI + 2, 0x80, ENABLED);
    lpis().reloadAll(1);
    assertEquals(LPI + 2, iar(1));
  }

  @Test
  void aRemovedControllerTakesNoLpis() {
    start(1);
    model.removed();
    assertNull(lpis());
  }
}
