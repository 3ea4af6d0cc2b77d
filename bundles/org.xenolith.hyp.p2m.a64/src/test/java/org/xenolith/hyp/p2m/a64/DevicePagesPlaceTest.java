// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.GFN;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.add;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.remove;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOENT;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.PageType;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.MemoryOp;

/**
 * A page of the hypervisor's where passthrough shows a BAR: a guest's address space is its own, so that the page takes the device's place, and
 * leaves nothing there, as Xen does.
 */
class DevicePagesPlaceTest {
  private static final int SELF = DomainId.DOMID_SELF;
  private static final long BAR = 0x23000;
  private static final long HOST = 0x11000;
  private static final int PAGES = 0x1000;

  private final Board board = new Board();
  private final FakeDomain guest = board.domain(2, DomainSpec.Kind.DOMU, 100);

  private void types(PageType before, PageType at, PageType behind) {
    assertEquals(before, board.p2m.type(guest, BAR));
    assertEquals(at, board.p2m.type(guest, BAR + 1));
    assertEquals(behind, board.p2m.type(guest, BAR + 2));
    assertEquals(behind, board.p2m.type(guest, BAR + PAGES - 1));
  }

  @Test
  void aPageTakesTheDevicesPlaceAndLeavesNothingThere() {
    assertEquals(0, board.p2m.populate(guest, GFN, 16));
    assertEquals(0, board.p2m.map(guest, BAR, HOST, PAGES, PageType.DEVICE));
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, BAR + 1));
    types(PageType.DEVICE, PageType.RAM, PageType.DEVICE);
    assertEquals(guest.sharedInfo(), board.machine(guest, BAR + 1 << 12, true));
    assertEquals(-XEN_ENOENT, remove(guest, SELF, BAR + 2), "what passthrough shows isn't the guest's to take away");
    assertEquals(0, remove(guest, SELF, BAR + 1));
    types(PageType.DEVICE, PageType.NONE, PageType.DEVICE);
    assertEquals(-XEN_ENOENT, remove(guest, SELF, BAR + 1));
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, BAR + 1), "where nothing is");
    assertEquals(0, board.p2m.unmap(guest, BAR, PAGES), "the BAR goes, and what is there");
    types(PageType.NONE, PageType.NONE, PageType.NONE);
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, BAR + 1), "it is elsewhere again");
    assertEquals(0, board.p2m.map(guest, BAR, HOST, PAGES, PageType.DEVICE), "and so the other way round");
    types(PageType.DEVICE, PageType.DEVICE, PageType.DEVICE);
  }
}
