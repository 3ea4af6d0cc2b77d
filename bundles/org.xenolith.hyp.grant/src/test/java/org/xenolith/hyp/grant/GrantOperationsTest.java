// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.grant.Bench.WINDOW;
import static org.xenolith.xen.abi.GrantFlag.GTF_permit_access;
import static org.xenolith.xen.abi.GrantOp.GNTCOPY_dest_gref;
import static org.xenolith.xen.abi.GrantOp.GNTCOPY_source_gref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_copy_arg;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_domain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_gntref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_page;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_virt_addr;
import static org.xenolith.xen.abi.GrantStatus.GNTST_eagain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_general_error;
import static org.xenolith.xen.abi.GrantStatus.GNTST_no_space;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;
import static org.xenolith.xen.abi.GrantStatus.GNTST_permission_denied;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.PageType;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GrantOp;
import org.xenolith.xen.abi.HypercallNumber;

/** grant_table_op, as guests call it; results as Xen 4.17 gives them on Arm. */
class GrantOperationsTest {
  private static final int REF = 8;
  private static final int SELF = DomainId.DOMID_SELF;
  private final Bench bench = new Bench();
  private final FakeDomain back = bench.hypervisor.dom0(1);
  private final FakeDomain front = bench.hypervisor.domU(2, 1);

  private long call(FakeDomain caller, int op) {
    return bench.call(caller, op, caller.page(2), 1);
  }

  private static int word(FakeDomain domain, int offset) {
    return domain.memory().read32(domain.page(2) + offset);
  }

  private static void word(FakeDomain domain, int offset, int value) {
    domain.memory().write32(domain.page(2) + offset, value);
  }

  // ---- Tables

  private int querySize(FakeDomain caller, int domid) {
    word(caller, 0, domid);
    word(caller, 12, 99);
    assertEquals(0, call(caller, GrantOp.GNTTABOP_query_size));
    return (short) word(caller, 12);
  }

  @Test
  void aTableHasOneFrameOfSixtyFour() {
    assertEquals(GNTST_okay, querySize(front, SELF));
    assertEquals(1, word(front, 4));
    assertEquals(64, word(front, 8));
    assertEquals(GNTST_permission_denied, querySize(front, 0));
    assertEquals(GNTST_bad_domain, querySize(front, 9));
    bench.grants.frame(front, 4);
    assertEquals(GNTST_okay, querySize(back, 2));
    assertEquals(5, word(back, 4));
    assertEquals(-XEN_EINVAL, bench.call(front, GrantOp.GNTTABOP_query_size, front.page(2), 2));
  }

  private int setup(FakeDomain caller, int domid, int frames) {
    word(caller, 0, domid);
    word(caller, 4, frames);
    caller.memory().write64(caller.page(2) + 16, caller.page(3));
    assertEquals(0, call(caller, GrantOp.GNTTABOP_setup_table));
    return (short) word(caller, 8);
  }

  @Test
  void aTableIsSetUp() {
    assertEquals(GNTST_okay, setup(front, SELF, 3));
    assertEquals(-1, front.memory().read64(front.page(3) + 16));
    assertEquals(GNTST_okay, querySize(front, SELF));
    assertEquals(3, word(front, 4));
    assertEquals(GNTST_general_error, setup(front, SELF, 65));
    assertEquals(GNTST_general_error, setup(front, SELF, -1));
    assertEquals(GNTST_permission_denied, setup(front, 0, 1));
    assertEquals(GNTST_bad_domain, setup(front, 9, 1));
    assertEquals(GNTST_okay, setup(back, 2, 1));
    assertEquals(GNTST_okay, setup(front, SELF, 64), "as many as there are at most");
    word(front, 0, SELF);
    word(front, 4, 1);
    front.memory().write64(front.page(2) + 16, 0x1_2345_6000L);
    assertEquals(0, call(front, GrantOp.GNTTABOP_setup_table));
    assertEquals(GNTST_bad_virt_addr, (short) word(front, 8), "no memory is there to list them in");
  }

  @Test
  void aTableThatTheMachineHasNoFramesForIsRefused() {
    for (long left = bench.heap.free() - 2; left > 0; left--) {
      bench.heap.allocate(FrameHeap.HYPERVISOR, 1, 1);
    }
    assertEquals(GNTST_okay, setup(front, SELF, 1));
    assertEquals(GNTST_general_error, setup(front, SELF, 3));
    assertEquals(GNTST_okay, querySize(front, SELF));
    assertEquals(2, word(front, 4), "what there was");
  }

  @Test
  void thereIsVersionOneOnly() {
    for (int version : new int[] {0, 1, 2, 3}) {
      word(front, 0, version);
      assertEquals(version == 1 ? 0 : version == 2 ? -XEN_ENOSYS : -XEN_EINVAL, call(front, GrantOp.GNTTABOP_set_version));
      assertEquals(1, word(front, 0));
    }
    word(front, 0, SELF);
    assertEquals(0, call(front, GrantOp.GNTTABOP_get_version));
    assertEquals(1, word(front, 4));
    word(front, 0, 0);
    assertEquals(-XEN_EPERM, call(front, GrantOp.GNTTABOP_get_version));
    word(front, 0, 9);
    assertEquals(-XEN_ESRCH, call(front, GrantOp.GNTTABOP_get_version));
    assertEquals(GNTST_general_error, statusFrames(SELF, 1));
    assertEquals(GNTST_okay, statusFrames(SELF, 0));
    assertEquals(GNTST_permission_denied, statusFrames(0, 0));
    assertEquals(GNTST_bad_domain, statusFrames(9, 0));
  }

  private int statusFrames(int domid, int frames) {
    word(front, 0, frames);
    word(front, 4, 99 << 16 | domid);
    assertEquals(0, call(front, GrantOp.GNTTABOP_get_status_frames));
    return word(front, 4) >> 16;
  }

  @Test
  void entriesThatNobodyUsesAreSwapped() {
    bench.grant(front, REF, back, 20, false);
    bench.entry(front, REF + 1, 0, 0, 0);
    assertEquals(GNTST_okay, swap(REF, REF + 1));
    assertEquals(0, bench.flags(front, REF));
    assertEquals(GNTST_okay, bench.map(back, front, REF + 1, false, 0).status());
    assertEquals(GNTST_eagain, swap(REF, REF + 1));
    assertEquals(GNTST_okay, swap(REF, REF));
    assertEquals(GNTST_bad_gntref, swap(REF, 512));
    assertEquals(GNTST_bad_gntref, swap(-1, REF));
    assertEquals(GNTST_bad_gntref, swap(REF, -1));
    assertEquals(GNTST_bad_gntref, swap(512, REF));
    assertEquals(GNTST_okay, swap(0, 511));
    assertEquals(GNTST_okay, swap(511, 0));
    assertEquals(GNTST_okay, swap(REF + 1, REF + 1), "in use, and nothing changes");
  }

  private int swap(int a, int b) {
    word(front, 0, a);
    word(front, 4, b);
    assertEquals(0, call(front, GrantOp.GNTTABOP_swap_grant_ref));
    return (short) word(front, 8);
  }

  @Test
  void nothingIsTransferred() {
    front.memory().write64(front.page(2), front.gfn() + 4);
    assertEquals(0, call(front, GrantOp.GNTTABOP_transfer));
    assertEquals(GNTST_general_error, (short) word(front, 16));
    front.memory().write64(front.page(2), 0x12345);
    assertEquals(0, call(front, GrantOp.GNTTABOP_transfer));
    assertEquals(GNTST_bad_page, (short) word(front, 16));
  }

  // ---- Copies

  @Test
  void bytesAreCopiedFromAndToGrantedPages() {
    bench.grant(front, REF, back, 20, true);
    bench.grant(front, REF + 1, back, 21, false);
    front.memory().write64(front.page(20) + 0x100, 0x1122_3344_5566_7788L);
    GnttabCopy op = bench.copy(back, GNTCOPY_source_gref, 8);
    op.sourceRef(REF);
    op.sourceDomid(front.id());
    op.sourceOffset(0x100);
    op.destGmfn(back.gfn() + 30);
    op.destOffset(0x200);
    assertEquals(GNTST_okay, bench.run(back, op));
    assertEquals(0x1122_3344_5566_7788L, back.memory().read64(back.page(30) + 0x200));
    op = bench.copy(back, GNTCOPY_dest_gref, 4096);
    op.sourceGmfn(back.gfn() + 30);
    op.destRef(REF + 1);
    op.destDomid(front.id());
    assertEquals(GNTST_okay, bench.run(back, op));
    assertEquals(0x1122_3344_5566_7788L, front.memory().read64(front.page(21) + 0x200));
    assertEquals(GTF_permit_access, bench.flags(front, REF + 1));
    assertEquals(0, bench.grants.granted(front));
  }

  @Test
  void copiesThatMayNotBeAreRefused() {
    bench.grant(front, REF, back, 20, true);
    GnttabCopy op = bench.copy(back, GNTCOPY_dest_gref, 8);
    op.sourceGmfn(back.gfn());
    op.destRef(REF);
    op.destDomid(front.id());
    assertEquals(GNTST_general_error, bench.run(back, op), "it may only be read");
    op.destRef(4000);
    assertEquals(GNTST_bad_gntref, bench.run(back, op));
    op.destDomid(9);
    assertEquals(GNTST_bad_domain, bench.run(back, op));
    op = bench.copy(back, 0, 8);
    op.sourceGmfn(back.gfn());
    op.destGmfn(front.gfn());
    op.destDomid(front.id());
    assertEquals(GNTST_permission_denied, bench.run(back, op), "others' pages go by reference only");
    op.destDomid(SELF);
    op.destGmfn(0x12345);
    assertEquals(GNTST_bad_page, bench.run(back, op));
    op.destGmfn(back.gfn() + 9);
    op.destOffset(4090);
    assertEquals(GNTST_bad_copy_arg, bench.run(back, op));
    op.destOffset(0);
    op.sourceOffset(4090);
    assertEquals(GNTST_bad_copy_arg, bench.run(back, op));
    op.destOffset(0xFFFF);
    op.len(0xFFFF);
    assertEquals(GNTST_bad_copy_arg, bench.run(back, op));
    assertEquals(0, bench.grants.granted(front));
  }

  // ---- Cache maintenance

  private long flush(FakeDomain caller, long address, int offset, int length, int op) {
    caller.memory().write64(caller.page(2), address);
    word(caller, 8, offset | length << 16);
    word(caller, 12, op);
    return call(caller, GrantOp.GNTTABOP_cache_flush);
  }

  @Test
  void cachesAreMaintainedOfPagesThatOneMayUse() {
    long own = bench.frame(back, 5) << 12;
    long other = bench.frame(front, 20) << 12;
    int clean = GrantOp.GNTTAB_CACHE_CLEAN;
    assertEquals(0, flush(back, 0, 0, 0, 0), "Linux asks whether there is the operation so");
    assertEquals(0, flush(back, own, 0, 4096, clean));
    assertEquals(-XEN_EINVAL, flush(back, own, 1, 4096, clean));
    assertEquals(-XEN_EINVAL, flush(back, own, 4096, 0, clean));
    assertEquals(-XEN_EINVAL, flush(back, own, 0, 64, 4));
    assertEquals(-XEN_EINVAL, flush(back, 0x1000, 0, 64, clean), "no RAM");
    assertEquals(-XEN_EPERM, flush(back, bench.grants.frame(back, 0) << 12, 0, 64, clean));
    assertEquals(-XEN_EINVAL, flush(back, other, 0, 64, clean));
    bench.grant(front, REF, back, 20, false);
    bench.map(back, front, REF, false, 0);
    assertEquals(0, flush(back, other, 0, 64, clean));
    assertEquals(-XEN_EINVAL, flush(back, bench.frame(front, 21) << 12, 0, 64, clean), "another page of who granted one");
    assertEquals(0, flush(back, 0x1000, 0, 64, 0), "nothing is to be done");
    long unused = bench.heap.allocate(FrameHeap.HYPERVISOR, 1, 1);
    bench.heap.free(FrameHeap.HYPERVISOR, unused);
    assertEquals(-XEN_EPERM, flush(back, unused << 12, 0, 64, clean), "RAM that is nobody's");
  }

  // ---- Lists

  @Test
  void aLongListIsDoneInSlices() {
    int count = 300;
    GnttabMapGrantRef op = new GnttabMapGrantRef();
    for (int i = 0; i < count; i++) {
      bench.grant(front, REF + i, back, i % 64, false);
      op.at(back.memory(), back.page(10) + i * 32L);
      op.hostAddr(WINDOW + i * 4096L);
      op.flags(GrantOp.GNTMAP_host_map);
      op.ref(REF + i);
      op.dom(front.id());
      op.status(99);
    }
    assertEquals(0, bench.call(back, GrantOp.GNTTABOP_map_grant_ref, back.page(10), 0));
    assertEquals(0, bench.grants.mapped(back), "none of them");
    assertEquals(0, bench.call(back, GrantOp.GNTTABOP_map_grant_ref, back.page(10), count));
    assertEquals(count, bench.grants.mapped(back));
    assertEquals(-XEN_EFAULT, bench.call(back, GrantOp.GNTTABOP_unmap_grant_ref, back.page(63) + 4000, 40), "beyond memory");
    assertEquals(-XEN_EINVAL, bench.call(back, GrantOp.GNTTABOP_map_grant_ref, back.page(10), -1));
    assertEquals(-XEN_EINVAL, bench.call(back, GrantOp.GNTTABOP_map_grant_ref | 0x1000, back.page(10), 1));
    assertEquals(-XEN_ENOSYS, bench.call(back, GrantOp.GNTTABOP_map_grant_ref | 0xF00, back.page(10), 1), "12 bits are a number");
    assertEquals(-XEN_ENOSYS, bench.call(back, GrantOp.GNTTABOP_dump_table, back.page(10), 1));
    assertEquals(-XEN_ENOSYS, bench.call(back, 99, back.page(10), 1));
    for (int i = 0; i < count; i++) {
      op.at(back.memory(), back.page(10) + i * 32L);
      assertEquals(GNTST_okay, op.status());
      assertEquals(bench.frame(front, i % 64) << 12, bench.p2m.translate(back, WINDOW + i * 4096L, true));
    }
  }

  @Test
  void anAnswerThatCannotBeWrittenIsAFault() {
    bench.p2m.map(back, 0xA0000, bench.frame(back, 2), 1, PageType.RAM_READ_ONLY);
    assertEquals(-XEN_EFAULT, bench.call(back, GrantOp.GNTTABOP_map_grant_ref, 0xA0000L << 12, 1));
    assertTrue(new GrantComponent().description().toString().contains("grant_table.h"));
  }

  @Test
  void handlesEndAtTheirLimit() {
    bench.grants.frame(front, 63);
    int taken = 0;
    for (int ref = REF; taken < Maptrack.MOST; ref++) {
      bench.grant(front, ref, back, 3, false);
      for (int use = 0; use < 128 && taken < Maptrack.MOST; use++, taken++) {
        // All at one place, so that only handles are used up.
        assertEquals(GNTST_okay, bench.map(back, front, ref, false, 0).status());
      }
    }
    assertEquals(GNTST_no_space, bench.map(back, front, REF, true, 0).status());
    assertEquals(GNTST_okay, bench.unmap(back, 77, WINDOW));
    assertEquals(GNTST_okay, bench.map(back, front, REF, true, 0).status());
    bench.hypervisor.destroy(back);
    assertEquals(0, bench.grants.granted(front));
  }

  @Test
  void noArgumentsBreakAnything() {
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      bench.grant(front, REF, back, 20, false);
      byte[] noise = new byte[256];
      for (int i = 0; i < 3000; i++) {
        random.nextBytes(noise);
        if (random.nextBoolean()) {
          noise[16] = (byte) front.id();
          noise[17] = 0;
          noise[8] = 2;
          noise[9] = noise[10] = noise[11] = 0;
        }
        back.memory().write(back.page(2), noise, 0, noise.length);
        long result = bench.call(back, random.nextInt(14), back.page(2), random.nextInt(6));
        assertTrue(result <= 0 && result > -200, "seed " + seed + ", step " + i + ": " + result);
      }
      assertTrue(bench.hypervisor.port(org.xenolith.hyp.api.HypercallsPort.class).served(20), "a handler that throws is taken out");
    }
    bench.hypervisor.destroy(back);
    assertEquals(0, bench.grants.granted(front));
    for (int page = 0; page < 64; page++) {
      assertEquals(1, bench.heap.held(bench.frame(front, page)));
    }
  }

  // ---- Callers with narrow words

  private long narrow(FakeDomain caller, int op, long at, int count) {
    return caller.vcpu(0).callNarrow(HypercallNumber.__HYPERVISOR_grant_table_op, op, at, count);
  }

  @Test
  void aNarrowCallersTableIsListedInItsWords() {
    front.memory().write64(front.page(3), 0);
    front.memory().write64(front.page(3) + 8, 0x1234_5678);
    word(front, 0, SELF);
    word(front, 4, 2);
    word(front, 8, 0x5555_0063);
    word(front, 12, (int) front.page(3));
    word(front, 16, 0x7777);
    assertEquals(0, narrow(front, GrantOp.GNTTABOP_setup_table, front.page(2), 1));
    assertEquals(0x5555_0000, word(front, 8), "the status alone is written");
    assertEquals(-1, front.memory().read64(front.page(3)));
    assertEquals(0x1234_5678, front.memory().read64(front.page(3) + 8));
  }

  @Test
  void aNarrowCallersListOfCopiesIsTakenInItsStrides() {
    byte[] text = {1, 2, 3, 4, 5, 6, 7, 8};
    front.memory().write(front.page(5), text, 0, 8);
    for (int i = 0; i < 2; i++) {
      long at = front.page(2) + 24L * i;
      front.memory().write32(at, (int) front.gfn() + 5);
      front.memory().write32(at + 4, 4 * i << 16 | SELF);
      front.memory().write32(at + 8, (int) front.gfn() + 6);
      front.memory().write32(at + 12, 8 * i << 16 | SELF);
      front.memory().write32(at + 16, 4);
      front.memory().write32(at + 20, 99);
    }
    assertEquals(0, narrow(front, GrantOp.GNTTABOP_copy, front.page(2), 2));
    assertEquals(GNTST_okay, (short) word(front, 20));
    assertEquals(GNTST_okay, (short) word(front, 44));
    assertEquals(0x0403_0201, front.memory().read32(front.page(6)));
    assertEquals(0x0807_0605, front.memory().read32(front.page(6) + 8));
  }
}
