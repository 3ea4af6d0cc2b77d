// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.FifoEvent;

/** Words and bits in a domain's memory that say which events wait: each is its own, and nobody is told twice. */
class EventWordsTest {
  private static final int PENDING = 1 << FifoEvent.EVTCHN_FIFO_PENDING;
  private static final int MASKED = 1 << FifoEvent.EVTCHN_FIFO_MASKED;
  private static final int DEFAULT = FifoEvent.EVTCHN_FIFO_PRIORITY_DEFAULT;

  private static Guest guest(FakeHypervisor hyp) {
    Guest guest = new Guest(hyp, hyp.domU(2, 2));
    hyp.install("evtchn", new EventChannelComponent());
    return guest;
  }

  private static Guest fifo(FakeHypervisor hyp) {
    Guest guest = guest(hyp);
    assertEquals(0, guest.initControl(0));
    assertEquals(0, guest.initControl(1));
    assertEquals(0, guest.expandArray(0));
    return guest;
  }

  @Test
  void eachVirtualCpuHasQueuesOfItsOwn() {
    Guest guest = fifo(new FakeHypervisor());
    int first = guest.bindIpi(0);
    int second = guest.bindIpi(1);
    guest.fifoUnmask(first);
    guest.fifoUnmask(second);
    guest.send(first);
    guest.send(second);
    assertEquals(first, guest.head(0, DEFAULT));
    assertEquals(second, guest.head(1, DEFAULT));
    assertEquals(1 << DEFAULT, guest.ready(1));
  }

  @Test
  void aQueueThatIsSaidToBeReadyIsntSaidToBeSoAgain() {
    Guest guest = fifo(new FakeHypervisor());
    int first = guest.bindIpi(0);
    int second = guest.bindIpi(0);
    guest.fifoUnmask(first);
    guest.fifoUnmask(second);
    guest.send(first);
    assertTrue(guest.upcallPending(0));
    guest.enterUpcall(0);
    guest.fifoWord(first, 0);
    guest.head(0, DEFAULT, 0);
    guest.send(second);
    assertEquals(second, guest.head(0, DEFAULT));
    assertFalse(guest.upcallPending(0), "its bit was still set");
  }

  @Test
  void aControlBlockMayBeginWithinItsPage() {
    FakeHypervisor hyp = new FakeHypervisor();
    Guest guest = guest(hyp);
    long gfn = guest.domain.gfn() + 16;
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_init_control, (int) gfn, (int) (gfn >>> 32), 256, 0));
    assertEquals(0, guest.expandArray(0));
    int port = guest.bindIpi(0);
    guest.fifoUnmask(port);
    guest.send(port);
    assertEquals(port, guest.domain.memory().read32(guest.domain.page(16) + 256 + 8 + 4 * DEFAULT));
    assertEquals(1 << DEFAULT, guest.domain.memory().read32(guest.domain.page(16) + 256));
  }

  @Test
  void unmaskingTakesTheMaskAwayAndRaisesNothing() {
    FakeHypervisor hyp = new FakeHypervisor();
    Guest guest = fifo(hyp);
    int port = guest.bindIpi(0);
    assertEquals(MASKED, guest.fifoWord(port));
    assertEquals(0, guest.call(0, EventChannelOp.EVTCHNOP_unmask, port));
    assertEquals(0, guest.fifoWord(port));
    assertFalse(hyp.port(EventChannelsPort.class).pending(guest.domain, port));
    guest.fifoWord(port, MASKED);
    guest.send(port);
    assertEquals(MASKED | PENDING, guest.fifoWord(port));
    assertTrue(hyp.port(EventChannelsPort.class).pending(guest.domain, port));
  }

  @Test
  void aWordOfEventsThatIsSelectedIsntToldAgain() {
    FakeHypervisor hyp = new FakeHypervisor();
    Guest guest = guest(hyp);
    int first = guest.bindIpi(0);
    int second = guest.bindIpi(0);
    guest.send(first);
    assertTrue(guest.upcallPending(0));
    guest.enterUpcall(0);
    guest.send(second);
    assertFalse(guest.upcallPending(0), "the selector says so already");
  }

  @Test
  void aWordOfEventsThatIsSelectedIsntToldAgainWhereWordsAreNarrow() {
    FakeHypervisor hyp = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    Guest guest = guest(hyp);
    guest.domain.latch(4);
    int first = guest.bindIpi(0);
    int second = guest.bindIpi(0);
    guest.send(first);
    assertTrue(guest.upcallPending(0));
    guest.enterUpcall(0);
    guest.send(second);
    assertFalse(guest.upcallPending(0), "the selector says so already");
  }

  @Test
  void portsBehindTheLastOneOfNarrowWordsAreNowhere() {
    FakeHypervisor hyp = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    Guest guest = new Guest(hyp, hyp.dom0(1));
    hyp.install("evtchn", new EventChannelComponent());
    int port = 0;
    for (int i = 0; i < 1024; i++) {
      port = guest.bindIpi(0);
    }
    assertEquals(1024, port, "the first one that narrow words have no bit for");
    guest.domain.latch(4);
    long behind = guest.domain.sharedInfo() + 2048 + 128;
    long before = hyp.memory().read64(behind);
    guest.send(port);
    assertEquals(before, hyp.memory().read64(behind), "these are masks");
    hyp.memory().write64(behind, -1L);
    assertFalse(hyp.port(EventChannelsPort.class).pending(guest.domain, port));
    guest.close(port);
    assertEquals(-1L, hyp.memory().read64(behind));
  }
}
