// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.LoaderNode;
import org.xenolith.hyp.api.LoaderPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Who may hand over, and what follows. */
class LoaderTest {
  private static final long VERSION = LoaderNode.VERSION & 0xFFFF_FFFFL;
  private static final long HAND_OVER = LoaderNode.HAND_OVER & 0xFFFF_FFFFL;
  private static final long BLOCK = 0x4020_0000L;

  private final FakeContext context = new FakeContext(FakeNode.at(LoaderNode.PATH).compatible(LoaderNode.COMPATIBLE).build(), 2);
  private final List<Long> handed = new ArrayList<>();

  LoaderTest() {
    context.create(new LoaderComponent());
  }

  private void serve() {
    context.port(LoaderPort.class).serve(handed::add);
  }

  private long call(boolean hvc, long... arguments) {
    return context.call(0, hvc, arguments).argument(0);
  }

  @Test
  void withoutAHypervisorThatWaitsThereIsNone() {
    assertEquals(-1, call(false, VERSION));
    assertEquals(-1, call(false, HAND_OVER, BLOCK, LoaderNode.BLOCK));
    assertTrue(context.cpus().getFirst().powered());
    serve();
    assertEquals(LoaderNode.VERSION_1, call(false, VERSION));
    assertEquals(-1, call(true, VERSION), "that of a hypervisor");
  }

  @Test
  void whoHandsOverIsOffAndTheHypervisorIsToldBehindTheInstruction() {
    serve();
    call(false, HAND_OVER, BLOCK, LoaderNode.BLOCK);
    assertFalse(context.cpus().getFirst().powered());
    assertEquals(List.of(), handed);
    context.clock().advance(0);
    assertEquals(List.of(BLOCK), handed);
    context.clock().advance(1_000_000);
    assertEquals(List.of(BLOCK), handed);
  }

  @Test
  void whatCantBeTakenOverComesBack() {
    serve();
    assertEquals(-3, call(false, HAND_OVER, BLOCK, LoaderNode.BLOCK - 8));
    context.cpus().getLast().powerOn(0, 0);
    assertEquals(-4, call(false, HAND_OVER, BLOCK, LoaderNode.BLOCK));
    assertTrue(context.cpus().getFirst().powered());
    context.clock().advance(0);
    assertEquals(List.of(), handed);
  }
}
