// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.p2m.a64.Board.RAM_FRAME;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.GFN;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.LIST;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.add;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.base;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.batch;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.call;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.decrease;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.error;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.list;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.populate;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.remove;
import static org.xenolith.hyp.p2m.a64.MemoryCalls.reservation;
import static org.xenolith.xen.abi.XenErrno.XEN_EACCES;
import static org.xenolith.xen.abi.XenErrno.XEN_EBUSY;
import static org.xenolith.xen.abi.XenErrno.XEN_EDOM;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOENT;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EOPNOTSUPP;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DeviceMapping;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.Grants;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.MemoryReservation;

/** memory_op, as guests and tools call it; results as Xen 4.17 gives them on Arm. */
class MemoryOperationsTest {
  private static final int SELF = DomainId.DOMID_SELF;
  private static final int PAGES = 1024;
  private Board board = new Board();
  private FakeDomain dom0;
  private FakeDomain guest;

  @BeforeEach
  void domains() {
    dom0 = board.domain(0, DomainSpec.Kind.DOM0, 4096);
    assertEquals(0, board.p2m.populate(dom0, RAM_FRAME, PAGES));
    guest = board.domain(2, DomainSpec.Kind.DOMU, PAGES + 100);
    assertEquals(0, board.p2m.populate(guest, GFN, PAGES));
  }

  // ---- Reservations

  @Test
  void aBalloonGivesPagesBackAndTakesThemAgain() {
    long free = board.heap.free();
    assertEquals(3, decrease(guest, SELF, GFN + 100, GFN + 101, GFN + 700));
    assertEquals(-1, board.machine(guest, GFN + 700 << 12, false));
    assertEquals(PAGES - 3, figure(guest, MemoryOp.XENMEM_current_reservation, SELF));
    assertEquals(1, board.heap.free() - free, "three frames, but for two tables that split blocks");
    assertEquals(2, populate(guest, SELF, 0, GFN + 100, GFN + 700));
    assertTrue(board.machine(guest, GFN + 700 << 12, true) != -1);
    assertEquals(PAGES - 1, board.p2m.pages(guest));
  }

  @Test
  void whatIsNotTheDomainsOwnEndsABalloonThere() {
    assertEquals(0, board.p2m.map(guest, GFN + PAGES, board.p2m.translate(dom0, base(dom0), true) >>> 12, 1, PageType.FOREIGN));
    assertEquals(1, decrease(guest, SELF, GFN + 5, GFN + PAGES, GFN + 6));
    assertEquals(0, decrease(guest, SELF, GFN + PAGES + 1));
    assertEquals(0, decrease(guest, SELF, -1));
    assertEquals(PAGES - 1, board.p2m.pages(guest));
  }

  @Test
  void aDirectlyMappedDomainGetsTheSamePageBack() {
    long gfn = RAM_FRAME + 300;
    assertEquals(1, decrease(dom0, SELF, gfn));
    assertEquals(-1, board.machine(dom0, gfn << 12, false));
    assertEquals(dom0.serial(), board.heap.owner(gfn), "nobody else gets it");
    assertEquals(PAGES, figure(dom0, MemoryOp.XENMEM_current_reservation, SELF));
    assertEquals(1, populate(dom0, SELF, 0, gfn));
    assertEquals(gfn << 12, board.machine(dom0, gfn << 12, true));
    assertEquals(0, populate(dom0, SELF, 0, RAM_FRAME + PAGES), "that one isn't its own");
  }

  @Test
  void toolsFillADomainInLargeExtents() {
    FakeDomain young = board.domain(7, DomainSpec.Kind.DOMU, 2048);
    assertEquals(3, populate(dom0, 7, 9, GFN, GFN + 512, GFN + 1024));
    assertEquals(2, populate(dom0, 7, 0, 0x39000, 0x39001));
    assertEquals(3 * 512 + 2, board.p2m.pages(young));
    assertEquals(0, populate(dom0, 7, 18, 0x80000), "beyond its limit: the tools try smaller ones then");
    assertEquals(0, populate(guest, SELF, 10, GFN + 4096), "a guest may ask for 2 MiB at most");
  }

  @Test
  void aGuestGetsNoMoreThanItMayHave() {
    long[] extents = new long[200];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = GFN + PAGES + i;
    }
    assertEquals(100, populate(guest, SELF, 0, extents));
    assertEquals(0, populate(guest, SELF, 0, GFN + PAGES), "again at the same place");
    assertEquals(0, reservation(guest, MemoryOp.XENMEM_increase_reservation, SELF, 0, 0, 0));
    assertEquals(PAGES + 100, board.heap.count(guest.serial()));
  }

  @Test
  void framesThatOthersMapStillCountAsTheDomains() {
    board.p2m.map(dom0, 0x80000, board.p2m.translate(guest, base(guest) + (50 << 12), true) >>> 12, 1, PageType.FOREIGN);
    assertEquals(1, decrease(guest, SELF, GFN + 50));
    assertEquals(PAGES, board.heap.count(guest.serial()));
  }

  @Test
  void reservationsOfOthersAreForControlDomains() {
    assertEquals(0, decrease(guest, 0, RAM_FRAME + 5));
    assertEquals(0, populate(guest, 9, 0, 5));
    assertEquals(1, decrease(dom0, 2, GFN + 5));
    assertEquals(0, reservation(dom0, MemoryOp.XENMEM_populate_physmap, 2, 0, MemoryOp.XENMEMF_populate_on_demand, GFN + 5));
    assertEquals(0, reservation(dom0, MemoryOp.XENMEM_populate_physmap, 2, 0, 7, GFN + 5), "memory below 128 bytes");
  }

  @Test
  void aLongListIsDoneInSlices() {
    long[] extents = new long[PAGES - 64];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = GFN + 64 + i;
    }
    assertEquals(extents.length, decrease(guest, SELF, extents));
    for (int i = 0; i < extents.length; i++) {
      extents[i] = GFN + 0x10000 + 512L * i;
    }
    guest.maxPages(1 << 20);
    list(guest, LIST, extents);
    long free = board.heap.free();
    long done = populate(guest, SELF, 9, extents);
    assertTrue(done > 8 && done <= free / 512, done + " of " + free / 512);
  }

  @Test
  void countsThatCantBeGoneOnWithAreRefused() {
    MemoryReservation r = new MemoryReservation();
    r.at(guest.memory(), base(guest));
    r.domid(SELF);
    for (long count : new long[] {-1, Long.MIN_VALUE, (0xFFFF_FFFFL >>> 6) + 1, 0}) {
      r.nrExtents(count);
      assertEquals(0, call(guest, MemoryOp.XENMEM_decrease_reservation), "count " + count);
    }
    assertEquals(5, call(guest, MemoryOp.XENMEM_decrease_reservation | 5 << 6));
  }

  // ---- What is where

  @Test
  void theGrantTableIsShownFrameByFrame() {
    assertEquals(-XEN_ENOSYS, add(guest, SELF, MemoryOp.XENMAPSPACE_grant_table, 0, 0x38000), "nobody keeps one");
    long frame = grantTable();
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_grant_table, 1, 0x38001));
    assertEquals(frame + 1 << 12, board.machine(guest, 0x3800_1000L, true));
    assertEquals(-XEN_EBUSY, add(guest, SELF, MemoryOp.XENMAPSPACE_grant_table, 1, 0x38002));
    assertEquals(-XEN_EINVAL, add(guest, SELF, MemoryOp.XENMAPSPACE_grant_table, 4, 0x38004));
    assertEquals(-XEN_EINVAL, add(guest, SELF, MemoryOp.XENMAPSPACE_grant_table, 1L << 63 | 1, 0x38004));
  }

  /** Tables of four frames. */
  private long grantTable() {
    long first = board.heap.allocate(FrameHeap.HYPERVISOR, 4, 1);
    board.hypervisor.port(GrantsPort.class).attach(new Grants() {
      @Override
      public long map(Domain mapper, Domain granter, int ref, boolean readOnly) {
        return -1;
      }

      @Override
      public void unmap(Domain mapper, Domain granter, int ref, boolean readOnly) {}

      @Override
      public long frame(Domain domain, int index) {
        return first + index;
      }

      @Override
      public int limit(Domain domain) {
        return 4;
      }

      @Override
      public void grant(Domain granter, int ref, int domid, long gfn) {}

      @Override
      public int mapped(Domain mapper) {
        return 0;
      }

      @Override
      public int granted(Domain granter) {
        return 0;
      }
    }, board.hypervisor.context("p2m"));
    return first;
  }

  @Test
  void controlDomainsMapPagesOfGuests() {
    long[] gfns = {0x80000, 0x80001, 0x80002};
    assertEquals(0, batch(dom0, SELF, MemoryOp.XENMAPSPACE_gmfn_foreign, 2, new long[] {GFN + 1, 0x12345, GFN + 2}, gfns));
    assertEquals(0, error(dom0, 0));
    assertEquals(-XEN_EINVAL, error(dom0, 1));
    assertEquals(0, error(dom0, 2));
    long page = board.p2m.translate(guest, base(guest) + 0x2000, true);
    assertEquals(page, board.machine(dom0, 0x8000_2000L, true));
    assertEquals(2, board.heap.held(page >>> 12));
    assertEquals(0, remove(dom0, SELF, 0x80002));
    assertEquals(1, board.heap.held(page >>> 12));
    assertEquals(-XEN_ENOENT, remove(dom0, SELF, 0x80002));
  }

  @Test
  void guestsMapNoPagesOfOthers() {
    long[] one = {RAM_FRAME};
    assertEquals(0, batch(guest, SELF, MemoryOp.XENMAPSPACE_gmfn_foreign, 0, one, new long[] {0x80000}));
    assertEquals(-XEN_EPERM, error(guest, 0));
    assertEquals(0, batch(guest, SELF, MemoryOp.XENMAPSPACE_gmfn_foreign, SELF, one, new long[] {0x80000}));
    assertEquals(-XEN_EINVAL, error(guest, 0));
    assertEquals(0, batch(guest, SELF, MemoryOp.XENMAPSPACE_gmfn_foreign, 99, one, new long[] {0x80000}));
    assertEquals(-XEN_ESRCH, error(guest, 0));
    assertEquals(-XEN_EPERM, batch(guest, 0, MemoryOp.XENMAPSPACE_gmfn_foreign, 2, one, one));
    assertEquals(-1, board.machine(guest, 0x8000_0000L, false));
  }

  @Test
  void aForeignPageOutlivesItsDomain() {
    long page = board.p2m.translate(guest, base(guest), true) >>> 12;
    assertEquals(0, batch(dom0, SELF, MemoryOp.XENMAPSPACE_gmfn_foreign, 2, new long[] {GFN}, new long[] {0x80000}));
    board.hypervisor.destroy(guest);
    assertEquals(1, board.heap.held(page));
    long free = board.heap.free();
    assertEquals(0, remove(dom0, SELF, 0x80000));
    assertEquals(free + 1, board.heap.free());
  }

  @Test
  void aLongBatchIsDoneInSlices() {
    long[] indices = new long[380];
    long[] gfns = new long[380];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = GFN + 20 + i;
      gfns[i] = 0x80000 + i;
    }
    assertEquals(0, batch(dom0, SELF, MemoryOp.XENMAPSPACE_gmfn_foreign, 2, indices, gfns));
    for (int i = 0; i < indices.length; i++) {
      assertEquals(board.p2m.translate(guest, indices[i] << 12, false), board.machine(dom0, gfns[i] << 12, true));
    }
  }

  @Test
  void spacesThatArmHasntAreRefused() {
    assertEquals(-XEN_ENOSYS, add(guest, SELF, MemoryOp.XENMAPSPACE_gmfn, GFN, 0x80000));
    assertEquals(-XEN_ENOSYS, add(dom0, SELF, MemoryOp.XENMAPSPACE_gmfn_foreign, GFN, 0x80000));
    assertEquals(0, add(guest, SELF, MemoryOp.XENMAPSPACE_gmfn_range, GFN, 0x80000), "none of them");
    assertEquals(-XEN_EACCES, add(guest, SELF, MemoryOp.XENMAPSPACE_dev_mmio, 0x9000, 0x80000));
    assertEquals(-XEN_ESRCH, add(guest, 77, MemoryOp.XENMAPSPACE_shared_info, 0, 0x80000));
    assertEquals(-XEN_EPERM, add(guest, 0, MemoryOp.XENMAPSPACE_shared_info, 0, 0x80000));
    assertEquals(-XEN_EOPNOTSUPP, batch(guest, SELF, MemoryOp.XENMAPSPACE_gmfn_range, 0, new long[1], new long[1]));
    assertEquals(-XEN_EDOM, call(guest, MemoryOp.XENMEM_add_to_physmap | 0x10000 << 6));
  }

  @Test
  void theHardwareDomainShowsItselfWhatItIsPermittedWhateverIsInItsStageTwo() {
    board.p2m.map(dom0, 0x9000, 0x9000, 1, PageType.DEVICE);
    assertEquals(0, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, 0x9000, 0x80000));
    assertEquals(PageType.NONE, board.p2m.type(dom0, 0x80000), "it isn't permitted");
    dom0.permissions().permit(new Frames(0x9000, 0x9001));
    assertEquals(0, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, 0x9000, 0x80000));
    assertEquals(PageType.DEVICE, board.p2m.type(dom0, 0x80000));
    assertEquals(0, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, 0x9001, 0x80001));
    assertEquals(PageType.DEVICE, board.p2m.type(dom0, 0x80001), "not what stage 2 happens to have");
    assertEquals(-XEN_ENOENT, remove(dom0, SELF, 0x80000));
    long ram = FakeMachine.RAM >>> 12;
    dom0.permissions().permit(new Frames(0, 1L << 36));
    assertEquals(0, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, ram, 0x80002));
    assertEquals(PageType.NONE, board.p2m.type(dom0, 0x80002), "RAM is no device");
  }

  @Test
  void accessesMapWhatIsPermittedIfThatIsTheDomainsWay() {
    dom0.permissions().permit(new Frames(0x9000, 0x9001));
    assertFalse(board.p2m.fault(dom0.vcpu(0), 0x900_0010L, true), "nothing was said");
    board.p2m.deviceMapping(dom0, DeviceMapping.REQUEST_OR_ACCESS);
    assertTrue(board.p2m.fault(dom0.vcpu(0), 0x900_0010L, true));
    assertEquals(PageType.DEVICE, board.p2m.type(dom0, 0x9000));
    assertFalse(board.p2m.fault(dom0.vcpu(0), 0x900_0010L, true), "it is there: something else is wrong");
    assertFalse(board.p2m.fault(dom0.vcpu(0), 0x900_2000L, false), "it isn't permitted");
    assertEquals(PageType.NONE, board.p2m.type(dom0, 0x9001), "page by page");
    assertEquals(0, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, 0x9001, 0x9001));
    assertEquals(PageType.DEVICE, board.p2m.type(dom0, 0x9001));
    board.p2m.unmap(dom0, 0x9000, 2);
    board.p2m.deviceMapping(dom0, DeviceMapping.ACCESS);
    assertEquals(0, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, 0x9001, 0x9001));
    assertEquals(PageType.NONE, board.p2m.type(dom0, 0x9001), "asking has no effect");
    board.hypervisor.replace("p2m", new P2mComponent());
    assertTrue(board.p2m.fault(dom0.vcpu(0), 0x900_1000L, false), "another version goes on so");
    long ram = FakeMachine.RAM >>> 12;
    dom0.permissions().permit(new Frames(0, 1L << 36));
    long gap = ram + (FakeMachine.SIZE >>> 12) - 1;
    assertEquals(PageType.NONE, board.p2m.type(dom0, gap));
    assertFalse(board.p2m.fault(dom0.vcpu(0), gap << 12, false), "RAM is no device");
    assertFalse(board.p2m.fault(guest.vcpu(0), 0x900_0000L, false), "a guest has nothing");
  }

  @Test
  void framesBehindHostBridgesAreMappedAsVirtualPciAnswers() {
    board.hypervisor.port(VirtualPciPort.class).attach(new MappingPci(), board.hypervisor.context("p2m"));
    assertEquals(0, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, MappingPci.ITS_OWN, MappingPci.ITS_OWN));
    assertEquals(PageType.DEVICE, board.p2m.type(dom0, MappingPci.ITS_OWN));
    assertEquals(-XEN_EPERM, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, MappingPci.ANOTHERS, MappingPci.ANOTHERS));
    assertEquals(PageType.NONE, board.p2m.type(dom0, MappingPci.ANOTHERS));
    assertEquals(-XEN_EINVAL, add(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, MappingPci.ITS_OWN, 0x80000));
    assertEquals(0, remove(dom0, SELF, MappingPci.ITS_OWN));
    assertEquals(PageType.NONE, board.p2m.type(dom0, MappingPci.ITS_OWN));
    assertEquals(0, batch(dom0, SELF, MemoryOp.XENMAPSPACE_dev_mmio, 0, new long[] {MappingPci.ITS_OWN, MappingPci.ANOTHERS},
        new long[] {MappingPci.ITS_OWN, MappingPci.ANOTHERS}));
    assertEquals(PageType.DEVICE, board.p2m.type(dom0, MappingPci.ITS_OWN));
    assertEquals(PageType.NONE, board.p2m.type(dom0, MappingPci.ANOTHERS));
  }

  @Test
  void grantFramesAreAcquiredByTools() {
    long frame = grantTable();
    assertEquals(0, acquire(dom0, 2, 1, 0, 0, 2, 0x80000, 0x80001));
    assertEquals(frame + 1 << 12, board.machine(dom0, 0x8000_1000L, true));
    assertEquals(PageType.FOREIGN, board.p2m.type(dom0, 0x80000));
    assertEquals(0, remove(dom0, SELF, 0x80000));
    assertEquals(-XEN_EPERM, acquire(dom0, 0, 1, 0, 0, 1, 0x80000));
    assertEquals(-XEN_EPERM, acquire(guest, 0, 1, 0, 0, 1, 0x80000));
    assertEquals(-XEN_ESRCH, acquire(dom0, 66, 1, 0, 0, 1, 0x80000));
    assertEquals(-XEN_EINVAL, acquire(dom0, 2, 1, 0, 3, 2, 0x80000, 0x80001));
    assertEquals(-XEN_EINVAL, acquire(dom0, 2, 1, 1, 0, 1, 0x80000), "no status frames");
    assertEquals(-XEN_EINVAL, acquire(dom0, 2, 0, 0, 0, 1, 0x80000));
    assertEquals(-XEN_EOPNOTSUPP, acquire(dom0, 2, 9, 0, 0, 1, 0x80000));
    assertEquals(-XEN_EINVAL, acquire(dom0, 2, 1, 0, 0xFFFF_FFFFL, 1, 0x80000));
    dom0.memory().write64(base(dom0) + 24, 0);
    dom0.memory().write64(base(dom0) + 16, 0);
    dom0.memory().write64(base(dom0) + 8, 0);
    assertEquals(0, call(dom0, MemoryOp.XENMEM_acquire_resource));
    assertEquals(4, dom0.memory().read32(base(dom0) + 8), "how many there are");
  }

  private static long acquire(FakeDomain caller, int domid, int type, int id, long frame, int count, long... gfns) {
    list(caller, LIST, gfns);
    long at = base(caller);
    caller.memory().write32(at, domid | type << 16);
    caller.memory().write32(at + 4, id);
    caller.memory().write64(at + 8, count);
    caller.memory().write64(at + 16, frame);
    caller.memory().write64(at + 24, at + LIST);
    return call(caller, MemoryOp.XENMEM_acquire_resource);
  }

  // ---- Figures

  private static long figure(FakeDomain caller, int op, int domid) {
    caller.memory().write16(base(caller), (short) domid);
    return call(caller, op);
  }

  @Test
  void figuresAreToldToWhomTheyConcern() {
    assertEquals(PAGES, figure(guest, MemoryOp.XENMEM_current_reservation, SELF));
    assertEquals(PAGES + 100, figure(dom0, MemoryOp.XENMEM_maximum_reservation, 2));
    assertEquals(GFN + PAGES - 1, figure(dom0, MemoryOp.XENMEM_maximum_gpfn, 2));
    assertEquals(-XEN_EPERM, figure(guest, MemoryOp.XENMEM_current_reservation, 0));
    assertEquals(-XEN_ESRCH, figure(guest, MemoryOp.XENMEM_current_reservation, 55));
    assertEquals(RAM_FRAME + 16384, call(guest, MemoryOp.XENMEM_maximum_ram_page));
    assertEquals(0, call(guest, MemoryOp.XENMEM_get_sharing_freed_pages));
    assertEquals(0, call(guest, MemoryOp.XENMEM_get_sharing_shared_pages));
  }

  @Test
  void whatArmHasntGotIsRefused() {
    for (int op : new int[] {MemoryOp.XENMEM_memory_map, MemoryOp.XENMEM_set_memory_map,
        MemoryOp.XENMEM_machphys_mfn_list, MemoryOp.XENMEM_machphys_mapping, MemoryOp.XENMEM_get_pod_target,
        MemoryOp.XENMEM_set_pod_target, MemoryOp.XENMEM_paging_op, MemoryOp.XENMEM_sharing_op, 63}) {
      assertEquals(-XEN_ENOSYS, call(guest, op), "operation " + op);
    }
  }

  @Test
  void argumentsOutsideMemoryAreFaults() {
    for (int op = 0; op < 64; op++) {
      long result = guest.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, op, 0x1000);
      assertTrue(result == 0 || result == -XEN_EFAULT || result == -XEN_ENOSYS || op == MemoryOp.XENMEM_maximum_ram_page
          || result == -XEN_EPERM && op == MemoryOp.XENMEM_machine_memory_map, "operation " + op + ": " + result);
    }
  }
}
