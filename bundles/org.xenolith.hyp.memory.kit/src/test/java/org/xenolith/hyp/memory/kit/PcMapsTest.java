// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.Grants;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.PodTarget;

/** What memory_op is on x86 beside Arm's: maps of domains, pages of the hypervisor's that move, and callers whose words have 32 bits. */
class PcMapsTest {
  private static final int CALL = HypercallNumber.__HYPERVISOR_memory_op;
  private static final int SELF = DomainId.DOMID_SELF;
  private static final long GFN = FakeHypervisor.GUEST_RAM >>> 12;
  private static final int PAGES = 64;

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final P2mPort p2m = hypervisor.port(P2mPort.class);
  private FakeDomain guest;
  private FakeDomain other;

  @BeforeEach
  void begin() {
    hypervisor.install("p2m", ToyMaps.factory());
    guest = domain(2);
    other = domain(3);
  }

  private FakeDomain domain(int id) {
    FakeDomain made = hypervisor.create(id, new DomainSpec("d" + id, new UUID(0, id), 1, PAGES + 8, DomainSpec.Kind.DOMU, 31, 256, 0));
    made.unpause();
    assertEquals(0, p2m.populate(made, GFN, PAGES));
    return made;
  }

  private void words(int page, int... words) {
    for (int i = 0; i < words.length; i++) {
      guest.memory().write32(guest.page(page) + 4L * i, words[i]);
    }
  }

  private int word(int page, int index) {
    return guest.memory().read32(guest.page(page) + 4L * index);
  }

  private long narrow(int operation) {
    return guest.vcpu(0).callNarrow(CALL, operation, guest.page(0));
  }

  private int at(int page) {
    return (int) guest.page(page);
  }

  @Test
  void aDomainIsToldItsMapAndSetsAnother() {
    words(0, 128, at(1));
    assertEquals(-XEN_ENOSYS, narrow(MemoryOp.XENMEM_memory_map), "nobody told it one");
    byte[] map = new byte[60];
    for (int i = 0; i < map.length; i++) {
      map[i] = (byte) i;
    }
    guest.memoryMap(map);
    assertEquals(0, narrow(MemoryOp.XENMEM_memory_map));
    assertEquals(3, word(0, 0));
    byte[] told = new byte[60];
    guest.memory().read(guest.page(1), told, 0, 60);
    assertArrayEquals(map, told);
    words(0, 1, at(2));
    assertEquals(0, narrow(MemoryOp.XENMEM_memory_map));
    assertEquals(1, word(0, 0));
    assertEquals(0, word(2, 5), "there was room for one");
    words(0, 4, 0x10);
    assertEquals(-XEN_EFAULT, narrow(MemoryOp.XENMEM_memory_map));
    words(0, SELF, 2, at(1));
    assertEquals(0, narrow(MemoryOp.XENMEM_set_memory_map));
    assertArrayEquals(Arrays.copyOf(map, 40), guest.memoryMap());
    words(0, SELF, 1025, at(1));
    assertEquals(-XEN_EINVAL, narrow(MemoryOp.XENMEM_set_memory_map));
    words(0, 3, 1, at(1));
    assertEquals(-XEN_EPERM, narrow(MemoryOp.XENMEM_set_memory_map));
    words(0, 9, 1, at(1));
    assertEquals(-XEN_ESRCH, narrow(MemoryOp.XENMEM_set_memory_map));
    assertEquals(0, other.memoryMap().length);
  }

  @Test
  void sixtyFourBitCallersHaveTheSame() {
    guest.memoryMap(new byte[20]);
    words(0, 128, 0, at(1), 0);
    assertEquals(0, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_memory_map, guest.page(0)));
    assertEquals(1, word(0, 0));
    words(0, SELF, 0, 1, 0, at(1), 0);
    assertEquals(0, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_set_memory_map, guest.page(0)));
  }

  private long add(int space, int index, long gfn) {
    words(0, SELF, space, index, (int) gfn, 0x7777, 0x7777);
    return narrow(MemoryOp.XENMEM_add_to_physmap);
  }

  /** A grant table of one frame. */
  private record OneFrame(long mfn) implements Grants {
    @Override
    public long map(Domain mapper, Domain granter, int ref, boolean readOnly) {
      return -1;
    }

    @Override
    public void unmap(Domain mapper, Domain granter, int ref, boolean readOnly) {}

    @Override
    public long frame(Domain domain, int index) {
      return index == 0 ? mfn : -1;
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
  }

  @Test
  void pagesOfTheHypervisorMoveWithoutBeingTakenAway() {
    long mfn = hypervisor.port(FrameHeapPort.class).allocate(FrameHeap.HYPERVISOR, 1, 1);
    hypervisor.port(GrantsPort.class).attach(new OneFrame(mfn), hypervisor.context("grant"));
    for (int space : new int[] {MemoryOp.XENMAPSPACE_shared_info, MemoryOp.XENMAPSPACE_grant_table}) {
      long frame = space == MemoryOp.XENMAPSPACE_grant_table ? mfn : guest.sharedInfo() >>> 12;
      assertEquals(0, add(space, 0, 0x9_0000));
      assertEquals(frame << 12, p2m.translate(guest, 0x9000_0000L, true));
      assertEquals(0, add(space, 0, 0x9_0000));
      assertEquals(0, add(space, 0, 0x9_0001));
      assertEquals(PageType.NONE, p2m.type(guest, 0x9_0000));
      assertEquals(frame << 12, p2m.translate(guest, 0x9000_1000L, true));
      assertEquals(0, add(space, 0, GFN + 20 + space), "in the place of RAM");
      assertEquals(frame << 12, p2m.translate(guest, GFN + 20 + space << 12, true));
    }
  }

  @Test
  void aNarrowBatchAndReservationsHaveListsOfNarrowWords() {
    words(1, 0);
    words(2, 0x9_0005);
    words(3, 99, 98);
    words(0, MemoryOp.XENMAPSPACE_shared_info << 16 | SELF, 1, at(1), at(2), at(3));
    assertEquals(0, narrow(MemoryOp.XENMEM_add_to_physmap_batch));
    assertEquals(0, word(3, 0));
    assertEquals(98, word(3, 1));
    assertEquals(guest.sharedInfo(), p2m.translate(guest, 0x9000_5000L, true));
    words(1, (int) GFN + 30, (int) GFN + 31);
    words(0, at(1), 2, 0, 0, SELF);
    assertEquals(2, narrow(MemoryOp.XENMEM_decrease_reservation));
    assertEquals(PageType.NONE, p2m.type(guest, GFN + 30));
    assertEquals(PageType.NONE, p2m.type(guest, GFN + 31));
    assertEquals(2, narrow(MemoryOp.XENMEM_populate_physmap));
    assertEquals(PageType.RAM, p2m.type(guest, GFN + 31));
    words(0, SELF, (int) GFN + 31);
    assertEquals(0, narrow(MemoryOp.XENMEM_remove_from_physmap));
    assertEquals(PageType.NONE, p2m.type(guest, GFN + 31));
  }

  /** Nothing is populated on demand: a target within the domain's limit is taken, and what it has is told. */
  @Test
  void aTargetOfPopulatingOnDemandIsTakenAndChangesNothing() {
    long at = guest.page(1);
    PodTarget target = new PodTarget();
    target.at(guest.memory(), at);
    target.targetPages(PAGES + 8);
    target.podEntries(99);
    target.domid(3);
    assertEquals(-XEN_EPERM, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_set_pod_target, at));
    assertEquals(-XEN_EPERM, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_get_pod_target, at));
    hypervisor.port(AccessControlPort.class).attach((caller, privilege, domain) -> true, hypervisor.context("xsm"));
    assertEquals(0, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_set_pod_target, at));
    assertEquals(PAGES, target.totPages());
    assertEquals(0, target.podEntries());
    target.targetPages(PAGES + 9);
    assertEquals(-XEN_EINVAL, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_set_pod_target, at));
    assertEquals(0, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_get_pod_target, at), "no target is looked at");
    target.domid(9);
    assertEquals(-XEN_ESRCH, guest.vcpu(0).call(CALL, MemoryOp.XENMEM_get_pod_target, at));
    assertEquals(PAGES, p2m.pages(other));
  }
}
