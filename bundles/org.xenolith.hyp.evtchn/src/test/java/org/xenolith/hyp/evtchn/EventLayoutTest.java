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

/** Where the bits of the 2-level ABI are, by the layout of what a domain shares with the hypervisor. */
class EventLayoutTest {
  @Test
  void bitsAreWhereTheDomainsLayoutHasThem() {
    FakeHypervisor other = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    Guest sender = new Guest(other, other.dom0(1));
    Guest taker = new Guest(other, other.domU(2, 34));
    other.install("evtchn", new EventChannelComponent());
    assertEquals(taker.domain.sharedInfo() + 31 * 64, taker.domain.vcpu(31).info());
    assertEquals(0, taker.domain.vcpu(32).info(), "shared_info has room for 32");
    int port = 0;
    while (port < 70) {
      port = taker.allocUnbound(0);
    }
    int local = sender.bindInterdomain(2, port);
    taker.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, port, 3);
    taker.enterUpcall(0);
    sender.send(local);
    long shared = taker.domain.sharedInfo();
    assertEquals(1L << 6, other.memory().read64(shared + 2048 + 8));
    assertEquals(1, other.memory().read8(shared + 3 * 64));
    assertEquals(1L << 1, other.memory().read64(shared + 3 * 64 + 8));
    assertTrue(other.port(EventChannelsPort.class).pending(taker.domain.vcpu(3)));
    other.memory().write64(shared + 2048 + 8, 0);
    other.memory().write64(shared + 3 * 64 + 8, 0);
    taker.enterUpcall(3);
    other.memory().write64(shared + 2048 + 512 + 8, 1L << 6);
    sender.send(local);
    assertFalse(taker.upcallPending(3), "it is masked");
    assertEquals(0, taker.call(3, EventChannelOp.EVTCHNOP_unmask, port));
    assertTrue(taker.upcallPending(3));
  }

  @Test
  void aDomainThatLatchesNarrowWordsHasItsBitsThere() {
    FakeHypervisor other = new FakeHypervisor().sharedLayout(SharedLayouts.X64);
    Guest sender = new Guest(other, other.dom0(1));
    Guest taker = new Guest(other, other.domU(2, 2));
    other.install("evtchn", new EventChannelComponent());
    int port = 0;
    while (port < 70) {
      port = taker.allocUnbound(0);
    }
    int local = sender.bindInterdomain(2, port);
    taker.call(0, EventChannelOp.EVTCHNOP_bind_vcpu, port, 1);
    taker.domain.latch(4);
    long shared = taker.domain.sharedInfo();
    taker.enterUpcall(1);
    sender.send(local);
    assertEquals(1 << 6, other.memory().read32(shared + 2048 + 8));
    assertEquals(1, other.memory().read8(shared + 64));
    assertEquals(1 << 2, other.memory().read32(shared + 64 + 4), "a bit stands for 32 ports");
    assertEquals(0, other.memory().read64(shared + 64 + 8), "what a 64-bit guest has there is another field");
    other.memory().write32(shared + 2048 + 8, 0);
    other.memory().write32(shared + 64 + 4, 0);
    taker.enterUpcall(1);
    other.memory().write32(shared + 2048 + 128 + 8, 1 << 6);
    sender.send(local);
    assertFalse(taker.upcallPending(1), "it is masked");
    assertEquals(0, taker.call(1, EventChannelOp.EVTCHNOP_unmask, port));
    assertTrue(taker.upcallPending(1));
    assertEquals(1024, taker.domain.sharedLayout().ports());
  }
}
