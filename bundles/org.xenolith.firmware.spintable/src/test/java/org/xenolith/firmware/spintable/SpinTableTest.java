// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.spintable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

class SpinTableTest {
  private static final int RELEASE = (int) FakeMemory.BASE + 0xFFF8;

  private FakeContext context;
  private DeviceModel model;

  private void start(int cpu, int high, int low) {
    context = new FakeContext(FakeNode.at("/cpus/cpu@" + cpu).cells("reg", 0, cpu).cells("cpu-release-addr", high, low).build(),
        4);
    model = context.create(new SpinTableComponent());
  }

  @Test
  void cpuStartsWhereTheReleaseAddressPoints() {
    start(2, 0, RELEASE);
    context.clock().advance(500_000_000);
    assertFalse(context.cpus().get(2).powered());
    context.dma().write(RELEASE, 8, 0x1_4000_1000L);
    context.clock().advance(40_000_000);
    assertTrue(context.cpus().get(2).powered());
    assertEquals(0x1_4000_1000L, context.cpus().get(2).entry());
    assertEquals(0, context.cpus().get(2).context());
    assertFalse(context.cpus().get(1).powered());
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline(), "looks no more");
  }

  @Test
  void bootCpuIsLeftAlone() {
    start(0, 0, RELEASE);
    context.dma().write(RELEASE, 8, 0x4000_1000L);
    context.clock().advance(1_000_000_000);
    assertEquals(0, context.cpus().get(0).entry());
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }

  @Test
  void waitingCostsLittle() {
    start(1, 0, RELEASE);
    int looks = 0;
    while (context.clock().now() < 100_000_000_000L) {
      context.clock().advanceTo(context.clock().nextDeadline());
      looks++;
    }
    assertTrue(looks < 1_200, looks + " looks in 100 s");
  }

  @Test
  void addressOutsideOfMemoryIsReported() {
    start(1, 1, 0);
    context.clock().advance(1_000_000_000);
    assertEquals(1, context.reportedEvents().size());
    assertEquals("spin-table-bad-address", context.reportedEvents().get(0).kind());
    assertEquals(Long.MAX_VALUE, context.clock().nextDeadline());
  }

  @Test
  void handOverKeepsWaiting() {
    start(1, 0, RELEASE);
    context.clock().advance(1_000_000);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new SpinTableComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    next.dma().write(RELEASE, 8, 0x4000_1000L);
    next.clock().advance(1_000_000);
    assertTrue(next.cpus().get(1).powered());
  }

  @Test
  void incompleteNodesAreRefused() {
    assertThrows(ModelException.class, () -> new FakeContext(FakeNode.at("/cpus/cpu@1").cells("reg", 0, 0).build())
        .create(new SpinTableComponent()));
    assertThrows(ModelException.class, () -> start(9, 0, RELEASE));
  }
}
