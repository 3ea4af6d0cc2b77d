// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2m;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Gicv2mTest {
  private static final int SETSPI = 0x40;

  private static FakeNode node() {
    return FakeNode.at("/intc@8000000/v2m@8020000").compatible("arm,gic-v2m-frame").window(0x802_0000, 0x1000);
  }

  private static InterruptSpecifier spi(int number) {
    return new InterruptSpecifier("/intc@8000000", new int[] {0, number, 1});
  }

  @Test
  void messagesAreEdges() {
    FakeContext context = new FakeContext(node().build());
    context.create(new Gicv2mComponent());
    assertEquals(80 << 16 | 64, context.read(0x8));
    context.message(0, MessageInput.NO_ID, SETSPI, 83);
    assertEquals(1, context.line(spi(51)).risingEdges());
    assertFalse(context.line(spi(51)).level(), "an edge, not a level");
    context.write(SETSPI, 143);
    assertEquals(1, context.line(spi(111)).risingEdges());
  }

  @Test
  void othersInterruptsAreLeftAlone() {
    FakeContext context = new FakeContext(node().build());
    context.create(new Gicv2mComponent());
    for (long value : new long[] {0, 33, 79, 144, 1019}) {
      context.message(0, MessageInput.NO_ID, SETSPI, value);
    }
    for (int spi = 0; spi < 120; spi++) {
      assertEquals(0, context.line(spi(spi)).risingEdges());
    }
  }

  @Test
  void theNodeSaysWhichInterrupts() {
    FakeContext context = new FakeContext(node().cells("arm,msi-base-spi", 96).cells("arm,msi-num-spis", 32).build());
    context.create(new Gicv2mComponent());
    assertEquals(96 << 16 | 32, context.read(0x8));
    ModelException e = assertThrows(ModelException.class,
        () -> new FakeContext(node().cells("arm,msi-base-spi", 1000).build()).create(new Gicv2mComponent()));
    assertTrue(e.getMessage().contains("arm,msi-num-spis"), e.getMessage());
  }

  @Test
  void handOverChangesNothing() {
    FakeContext context = new FakeContext(node().build());
    var record = context.create(new Gicv2mComponent()).state().save();
    FakeContext next = context.successor();
    var model = next.create(new Gicv2mComponent());
    model.state().restore(record);
    model.restored();
    next.message(0, 7, SETSPI, 80);
    assertEquals(1, next.line(spi(48)).risingEdges());
  }
}
