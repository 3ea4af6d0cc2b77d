// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.debugexit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What a guest writes is what the run ends with. */
class DebugExitTest {
  private final FakeContext context = new FakeContext(node());

  static PlatformNode node() {
    return FakeNode.at("/isa/debug-exit@1,501").compatible("xenolith,debug-exit").window(PhysicalBus.PORTS + 0x501, 4).build();
  }

  private OptionalInt status(long offset, int size, long value) {
    FakeContext fresh = new FakeContext(node());
    fresh.create(new DebugExitComponent());
    fresh.write(0, offset, size, value);
    return fresh.power().status();
  }

  @Test
  void whatIsWrittenIsDoubledAndOneMore() {
    assertEquals(OptionalInt.of(1), status(0, 1, 0));
    assertEquals(OptionalInt.of(33), status(0, 1, 0x10));
    assertEquals(OptionalInt.of(33), status(0, 2, 0x10));
    assertEquals(OptionalInt.of(0x2469), status(0, 4, 0x1234));
    assertEquals(OptionalInt.of(33), status(3, 1, 0x10), "at any of its ports");
    assertEquals(OptionalInt.of(-1), status(0, 4, 0xFFFF_FFFFL));
  }

  @Test
  void aReadEndsNothing() {
    context.create(new DebugExitComponent());
    assertEquals(0, context.read(0, 0, 4));
    assertEquals(OptionalInt.empty(), context.power().status());
  }

  /** It has nothing to hand over. */
  @Test
  void anotherVersionEndsTheRunAsWell() {
    context.create(new DebugExitComponent());
    FakeContext second = context.successor();
    second.create(new DebugExitComponent());
    assertEquals(OptionalInt.empty(), context.power().status());
    second.write(0, 0, 4, 0x10);
    assertEquals(OptionalInt.of(33), second.power().status());
  }
}
