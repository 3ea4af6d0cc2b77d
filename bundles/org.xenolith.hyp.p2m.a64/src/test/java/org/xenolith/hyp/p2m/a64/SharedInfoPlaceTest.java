// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.GFN;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.add;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.decrease;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.remove;
import static org.xenolith.xen.abi.XenErrno.XEN_EBUSY;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOENT;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.MemoryOp;

/** Where a guest has the page with shared information: one place at a time, which firmware may have chosen before its kernel. */
class SharedInfoPlaceTest {
  private static final int SELF = DomainId.DOMID_SELF;
  private static final int PAGES = 16;
  private Board board = new Board();
  private FakeDomain guest;

  @BeforeEach
  void domain() {
    guest = board.domain(2, DomainSpec.Kind.DOMU, PAGES + 100);
    assertEquals(0, board.p2m.populate(guest, GFN, PAGES));
  }

  @Test
  void sharedInfoIsShownAtOnePlaceAtATime() {
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, 0x50000));
    assertEquals(guest.sharedInfo(), board.machine(guest, 0x5000_0000L, true));
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, 0x50000), "it is there already");
    assertEquals(guest.sharedInfo(), board.machine(guest, 0x5000_0000L, true));
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, 0x50001), "what firmware left is moved");
    assertEquals(guest.sharedInfo(), board.machine(guest, 0x5000_1000L, true));
    assertEquals(-XEN_ENOENT, remove(guest, SELF, 0x50000), "nothing is left at the old place");
    assertEquals(0, remove(guest, SELF, 0x50001));
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, GFN + 9), "in the place of RAM");
    assertEquals(guest.sharedInfo(), board.machine(guest, GFN + 9 << 12, true));
    assertEquals(PAGES - 1, board.p2m.pages(guest));
    assertEquals(-XEN_EINVAL, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 1, 0x50000));
    assertEquals(-XEN_EINVAL, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, -1));
    assertEquals(0, decrease(guest, SELF, GFN + 9), "no balloon takes it");
  }

  @Test
  void strictXenLeavesSharedInfoWhereItWasForgotten() {
    board = new Board(Map.of("strict-xen", "true"));
    domain();
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, 0x50000));
    assertEquals(-XEN_EBUSY, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, 0x50001));
    assertEquals(guest.sharedInfo(), board.machine(guest, 0x5000_0000L, true));
    assertEquals(0, remove(guest, SELF, 0x50000));
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_shared_info, 0, 0x50001));
  }
}
