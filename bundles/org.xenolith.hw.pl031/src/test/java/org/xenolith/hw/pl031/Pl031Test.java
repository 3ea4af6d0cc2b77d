// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl031;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Pl031Test {
  private static final long NEW_YEAR_2026 = 1_767_225_600L;
  private static final long SECOND = 1_000_000_000L;
  private static final int DR = 0x0;
  private static final int MR = 0x4;
  private static final int LR = 0x8;
  private static final int CR = 0xC;
  private static final int IMSC = 0x10;
  private static final int RIS = 0x14;
  private static final int MIS = 0x18;
  private static final int ICR = 0x1C;

  private FakeContext context;
  private DeviceModel model;

  private static FakeNode node() {
    return FakeNode.at("/pl031@9010000").compatible("arm,pl031", "arm,primecell").window(0x901_0000, 0x1000)
        .interrupt("/intc", 0, 2, 4);
  }

  @BeforeEach
  void start() {
    context = new FakeContext(node().build());
    model = context.create(new Pl031Component());
  }

  private boolean line() {
    return context.interrupt(0).level();
  }

  /** All accesses of a Debian 12 kernel boot (6.1.192) on QEMU 7.2 virt; only the date is another. */
  @Test
  void bootReadsWhatQemuRead() {
    int[] id = {0x31, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1};
    for (int i = 0; i < 8; i++) {
      assertEquals(id[i], context.read(0xFE0 + 4 * i));
    }
    assertEquals(1, context.read(CR));
    context.write(CR, 1);
    assertEquals(NEW_YEAR_2026, context.read(DR));
    assertEquals(0, context.read(MR));
    assertEquals(0, context.read(RIS));
    assertEquals(0, context.read(IMSC));
    assertEquals(List.of(), context.reportedFaults());
  }

  @Test
  void countsSecondsOfVirtualTime() {
    context.clock().advance(SECOND - 1);
    assertEquals(NEW_YEAR_2026, context.read(DR));
    context.clock().advance(1);
    assertEquals(NEW_YEAR_2026 + 1, context.read(DR));
    context.clock().advance(100 * SECOND);
    assertEquals(NEW_YEAR_2026 + 101, context.read(DR));
  }

  @Test
  void loadSetsTheDate() {
    context.clock().advance(10 * SECOND);
    context.write(LR, 0xFFFF_FFFFL);
    assertEquals(0xFFFF_FFFFL, context.read(DR));
    context.clock().advance(SECOND);
    assertEquals(0, context.read(DR), "32 bits wrap");
  }

  /** As the counter has a reset of its own, which a board ties to its battery (Arm DDI 0224C, appendix A). */
  @Test
  void dateGoesOnOverAReset() {
    context.write(LR, 1000);
    context.write(IMSC, 1);
    context.clock().advance(5 * SECOND);
    model.reset();
    assertEquals(1005, context.read(DR));
    assertEquals(0, context.read(IMSC));
  }

  @Test
  void matchRaisesTheInterrupt() {
    context.write(IMSC, 1);
    context.write(MR, NEW_YEAR_2026 + 3);
    context.clock().advanceTo(3 * SECOND - 1);
    assertFalse(line());
    context.clock().advanceTo(3 * SECOND);
    assertTrue(line());
    assertEquals(1, context.read(MIS));
    context.write(IMSC, 0);
    assertFalse(line());
    assertEquals(1, context.read(RIS));
    context.write(ICR, 1);
    context.write(IMSC, 1);
    assertFalse(line());
    context.write(MR, NEW_YEAR_2026 + 3);
    context.write(LR, NEW_YEAR_2026 + 2);
    context.clock().advance(SECOND);
    assertTrue(line(), "the load moved the match");
    context.write(ICR, 1);
    context.write(MR, NEW_YEAR_2026 + 3);
    assertTrue(line(), "equal at once");
  }

  @Test
  void handOverKeepsDateAndMatch() {
    context.write(IMSC, 1);
    context.write(LR, 1000);
    context.write(MR, 1005);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new Pl031Component());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    next.clock().advance(4 * SECOND);
    assertEquals(1004, next.read(DR));
    assertFalse(next.interrupt(0).level());
    next.clock().advance(SECOND);
    assertTrue(next.interrupt(0).level());
  }

  @Test
  void wrongDateIsRefused() {
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("epoch-seconds", "-1").build()).create(new Pl031Component()));
  }

  /** As on Juno; Linux looks for the identification 32 bytes before the end of the window. */
  @Test
  void largeWindowRepeatsTheRegisters() {
    FakeContext wide = new FakeContext(FakeNode.at("/pl031@9010000").compatible("arm,pl031", "arm,primecell")
        .window(0x901_0000, 0x1_0000).interrupt("/intc", 0, 2, 4).build());
    wide.create(new Pl031Component());
    int[] id = {0x31, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1};
    for (int i = 0; i < 8; i++) {
      assertEquals(id[i], wide.read(0xFFE0 + 4 * i));
    }
    wide.write(0x3000 + MR, 0x1234);
    assertEquals(0x1234, wide.read(MR));
    assertEquals(List.of(), wide.reportedFaults());
  }
}
