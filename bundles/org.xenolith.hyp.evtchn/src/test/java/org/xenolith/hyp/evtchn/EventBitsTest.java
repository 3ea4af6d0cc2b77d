// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.FifoEvent;

/** Where a port's bits are is where the hypervisor sets them, by either ABI. */
class EventBitsTest {
  private final FakeHypervisor hyp = new FakeHypervisor();
  private final Guest guest = new Guest(hyp, hyp.domU(2, 1));
  private final EventChannelsPort channels = hyp.port(EventChannelsPort.class);

  private boolean set(int port, boolean mask) {
    long bit = channels.bit(guest.domain, port, mask);
    return (hyp.memory().read8(bit >>> 3) >> (bit & 7) & 1) != 0;
  }

  @Test
  void aPortOfTheTwoLevelAbiHasABitInSharedInfo() {
    hyp.install("evtchn", new EventChannelComponent());
    int first = guest.bindIpi(0);
    int port = guest.bindIpi(0);
    assertEquals(false, set(port, false));
    guest.send(port);
    assertTrue(set(port, false) && !set(first, false) && !set(port, true));
    long bit = channels.bit(guest.domain, port, true);
    hyp.memory().write8(bit >>> 3, (byte) (1 << (bit & 7)));
    guest.call(0, EventChannelOp.EVTCHNOP_unmask, port);
    assertEquals(false, set(port, true), "a call clears it");
  }

  @Test
  void aPortOfTheFifoAbiHasThemInItsWord() {
    hyp.install("evtchn", new EventChannelComponent());
    guest.initControl(0);
    int port = guest.bindIpi(0);
    assertEquals(-1, channels.bit(guest.domain, port, false), "the domain has no page with its word yet");
    guest.expandArray(0);
    assertTrue(set(port, true) && !set(port, false));
    guest.send(port);
    assertTrue(set(port, false));
    guest.fifoWord(port, guest.fifoWord(port) & ~(1 << FifoEvent.EVTCHN_FIFO_MASKED));
    assertTrue(!set(port, true) && set(port, false));
  }

  @Test
  void aPortThatIsNotValidHasNone() {
    hyp.install("evtchn", new EventChannelComponent());
    assertEquals(-1, channels.bit(guest.domain, 100_000, false));
    assertEquals(-1, channels.bit(guest.domain, -1, true));
  }
}
