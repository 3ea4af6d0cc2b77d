// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.grant.Bench.WINDOW;
import static org.xenolith.xen.abi.GrantFlag.GTF_permit_access;
import static org.xenolith.xen.abi.GrantFlag.GTF_reading;
import static org.xenolith.xen.abi.GrantFlag.GTF_readonly;
import static org.xenolith.xen.abi.GrantFlag.GTF_sub_page;
import static org.xenolith.xen.abi.GrantFlag.GTF_writing;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_copy_arg;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_gntref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_page;
import static org.xenolith.xen.abi.GrantStatus.GNTST_general_error;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;
import static org.xenolith.xen.abi.GrantStatus.GNTST_permission_denied;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.PageType;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GrantOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** Which pages can be granted and copied, as what, and to whom an entry is open while it is used. */
class GrantedPagesTest {
  private static final int REF = 8;
  /** A guest frame where nothing is. */
  private static final long FREE = 0xA0000;
  private final Bench bench = new Bench();
  private final FakeDomain back = bench.hypervisor.dom0(1);
  private final FakeDomain front = bench.hypervisor.domU(2, 1);

  private static int handle(GnttabMapGrantRef op) {
    assertEquals(GNTST_okay, op.status());
    return op.handle();
  }

  @Test
  void theFirstEntryIsOneAsOthers() {
    bench.grants.grant(front, 0, back.id(), front.gfn() + 7);
    int handle = handle(bench.map(back, front, 0, false, 0));
    assertEquals(bench.frame(front, 7) << 12, bench.p2m.translate(back, WINDOW, true));
    assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW));
    assertEquals(bench.frame(front, 7) << 12, bench.grants.map(back, front, 0, false));
    bench.grants.unmap(back, front, 0, false);
    assertEquals(0, bench.grants.granted(front));
  }

  @Test
  void aTableThatIsAskedForBeyondItsLimitStaysAsItIs() {
    assertTrue(bench.grants.frame(front, 0) > 0);
    long free = bench.heap.free();
    assertEquals(-1, bench.grants.frame(front, 64));
    assertEquals(-1, bench.grants.frame(front, 65));
    assertEquals(-1, bench.grants.frame(front, Integer.MAX_VALUE));
    assertEquals(free, bench.heap.free());
  }

  @Test
  void readOnlyRamIsGrantedForReadingOnly() {
    bench.p2m.map(front, FREE, bench.frame(front, 20), 1, PageType.RAM_READ_ONLY);
    bench.entry(front, REF, GTF_permit_access, back.id(), FREE);
    assertEquals(GNTST_bad_page, bench.map(back, front, REF, false, 0).status());
    assertEquals(GTF_permit_access, bench.flags(front, REF));
    handle(bench.map(back, front, REF, true, 0));
    assertEquals(bench.frame(front, 20) << 12, bench.p2m.translate(back, WINDOW, false));
    assertEquals(GTF_permit_access | GTF_reading, bench.flags(front, REF));
  }

  @Test
  void whereOnesOwnPageIsMappedByItsGrantItIsntGrantedOn() {
    bench.grant(front, REF, front, 20, false);
    handle(bench.map(front, front, REF, false, 0));
    bench.entry(front, REF + 1, GTF_permit_access, back.id(), WINDOW >>> 12);
    assertEquals(GNTST_bad_page, bench.map(back, front, REF + 1, false, 1).status());
    assertEquals(GNTST_bad_page, bench.map(back, front, REF + 1, true, 1).status());
    assertEquals(GTF_permit_access, bench.flags(front, REF + 1));
  }

  @Test
  void anEntryThatIsWrittenAlreadyIsntAskedOnceMore() {
    bench.grant(front, REF, back, 20, false);
    handle(bench.map(back, front, REF, false, 0));
    bench.grant(front, REF, back, 20, true);
    handle(bench.map(back, front, REF, false, 1));
    handle(bench.map(back, front, REF, true, 2));
    assertEquals(GTF_permit_access | GTF_readonly, bench.flags(front, REF), "as its domain left it");
  }

  @Test
  void anEntryThatIsReadIsAskedBeforeItIsWritten() {
    bench.grant(front, REF, back, 20, false);
    int handle = handle(bench.map(back, front, REF, true, 0));
    bench.grant(front, REF, back, 20, true);
    assertEquals(GNTST_general_error, bench.map(back, front, REF, false, 1).status());
    bench.grant(front, REF, back, 20, false);
    handle(bench.map(back, front, REF, false, 1));
    assertEquals(GTF_permit_access | GTF_reading | GTF_writing, bench.flags(front, REF));
    assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW));
  }

  @Test
  void anEntryForAPartOfAPageIsForCopiesOnly() {
    bench.entry(front, REF, GTF_permit_access | GTF_sub_page, back.id(), front.gfn() + 20);
    front.memory().write64(front.page(20) + 0x100, 0x1122_3344_5566_7788L);
    assertEquals(GNTST_general_error, bench.map(back, front, REF, true, 0).status());
    GnttabCopy op = bench.copy(back, GrantOp.GNTCOPY_source_gref, 8);
    op.sourceRef(REF);
    op.sourceDomid(front.id());
    op.sourceOffset(0x100);
    op.destGmfn(back.gfn() + 30);
    assertEquals(GNTST_okay, bench.run(back, op));
    assertEquals(0x1122_3344_5566_7788L, back.memory().read64(back.page(30)));
    assertEquals(GTF_permit_access | GTF_sub_page, bench.flags(front, REF));
  }

  /** Copies 8 bytes between frames of the caller's own. */
  private int copy(long from, long to) {
    GnttabCopy op = bench.copy(back, 0, 8);
    op.sourceGmfn(from);
    op.destGmfn(to);
    return bench.run(back, op);
  }

  @Test
  void byItsFrameOnlyRamOfOnesOwnIsCopied() {
    long own = back.gfn() + 8;
    back.memory().write64(own << 12, 0x0102_0304_0506_0708L);
    bench.grant(front, REF, back, 20, false);
    handle(bench.map(back, front, REF, false, 0));
    assertEquals(GNTST_bad_page, copy(WINDOW >>> 12, own + 1), "from what is mapped by a grant");
    assertEquals(GNTST_bad_page, copy(own, WINDOW >>> 12), "to what is mapped by a grant");
    bench.p2m.map(back, FREE, bench.frame(back, 8), 1, PageType.RAM_READ_ONLY);
    assertEquals(GNTST_bad_page, copy(own + 1, FREE));
    assertEquals(GNTST_okay, copy(FREE, own + 1));
    assertEquals(0x0102_0304_0506_0708L, back.memory().read64(own + 1 << 12));
    GnttabCopy op = bench.copy(back, 0, 8);
    op.sourceGmfn(own);
    op.sourceDomid(front.id());
    op.destGmfn(own + 1);
    assertEquals(GNTST_permission_denied, bench.run(back, op), "others' pages go by reference only");
  }

  @Test
  void whatIsntGrantedIsntCopied() {
    bench.grant(front, REF, front, 20, false);
    GnttabCopy op = bench.copy(back, GrantOp.GNTCOPY_source_gref, 8);
    op.sourceDomid(front.id());
    op.sourceRef(REF);
    op.destGmfn(back.gfn() + 9);
    assertEquals(GNTST_general_error, bench.run(back, op), "it is another's");
    op.sourceRef(4000);
    assertEquals(GNTST_bad_gntref, bench.run(back, op));
  }

  @Test
  void aCopyEndsWithThePageAndNotBeforeIt() {
    GnttabCopy op = bench.copy(back, 0, 8);
    op.sourceGmfn(back.gfn() + 8);
    op.sourceOffset(4088);
    op.destGmfn(back.gfn() + 9);
    op.destOffset(4088);
    back.memory().write64(back.page(8) + 4088, 0x0102_0304_0506_0708L);
    assertEquals(GNTST_okay, bench.run(back, op));
    assertEquals(0x0102_0304_0506_0708L, back.memory().read64(back.page(9) + 4088));
    op.sourceOffset(4089);
    assertEquals(GNTST_bad_copy_arg, bench.run(back, op));
    op.sourceOffset(4096);
    op.destOffset(4096);
    op.len(0);
    assertEquals(GNTST_okay, bench.run(back, op));
  }

  @Test
  void whomThePolicyForbidsNoPageIsMappedOrCopied() {
    bench.grant(front, REF, back, 20, false);
    bench.hypervisor.port(AccessControlPort.class).attach((caller, privilege, target) -> caller == target, bench.hypervisor.context(
        "grant"));
    assertEquals(GNTST_permission_denied, bench.map(back, front, REF, false, 0).status());
    GnttabCopy op = bench.copy(back, GrantOp.GNTCOPY_source_gref, 8);
    op.sourceRef(REF);
    op.sourceDomid(front.id());
    op.destGmfn(back.gfn());
    assertEquals(GNTST_permission_denied, bench.run(back, op));
    op = bench.copy(back, GrantOp.GNTCOPY_dest_gref, 8);
    op.sourceGmfn(back.gfn());
    op.destRef(REF);
    op.destDomid(front.id());
    assertEquals(GNTST_permission_denied, bench.run(back, op));
    assertEquals(GTF_permit_access, bench.flags(front, REF));
  }

  @Test
  void whereStageTwoHasNoRoomTheUseOfTheEntryEnds() {
    bench.grant(front, REF, back, 20, false);
    P2m full = (P2m) Proxy.newProxyInstance(P2m.class.getClassLoader(), new Class<?>[] {P2m.class},
        (proxy, method, arguments) -> method.getName().equals("map") ? -XenErrno.XEN_ENOMEM
            : method.invoke(bench.hypervisor.p2m(), arguments));
    bench.p2m.attach(full, bench.hypervisor.context("grant"));
    assertEquals(GNTST_general_error, bench.map(back, front, REF, false, 0).status());
    assertEquals(GTF_permit_access, bench.flags(front, REF));
    assertEquals(0, bench.grants.mapped(back));
    assertEquals(0, bench.grants.granted(front));
  }

  @Test
  void whatTheMapperPutInThePlaceOfAMappingStays() {
    bench.grant(front, REF, back, 20, false);
    int handle = handle(bench.map(back, front, REF, false, 0));
    bench.p2m.map(back, WINDOW >>> 12, bench.frame(back, 3), 1, PageType.RAM);
    assertEquals(GNTST_general_error, bench.unmap(back, handle, WINDOW));
    assertEquals(bench.frame(back, 3) << 12, bench.p2m.translate(back, WINDOW, true));
    assertEquals(1, bench.grants.mapped(back));
    bench.p2m.unmap(back, WINDOW >>> 12, 1);
    assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW), "nothing is there any more");
    assertEquals(0, bench.grants.granted(front));
  }

  @Test
  void whatIsMappedIsToldToWhoTraces() {
    bench.grant(front, REF, back, 20, false);
    List<String> told = new ArrayList<>();
    bench.hypervisor.port(HypervisorTracePort.class).listen((kind, vcpu, a, b, c) -> {
      if (kind == HypervisorTracePort.Kind.GRANT_MAP || kind == HypervisorTracePort.Kind.GRANT_UNMAP) {
        told.add(kind + " " + (vcpu == back.vcpu(0) ? "d0v0" : vcpu) + " " + a + " " + b + " " + c);
      }
    });
    bench.grants.map(back, front, REF, false);
    bench.grants.unmap(back, front, REF, false);
    int handle = handle(bench.map(back, front, REF, false, 0));
    bench.unmap(back, handle, WINDOW);
    long gfn = WINDOW >>> 12;
    assertEquals(List.of("GRANT_MAP null 8 2 -1", "GRANT_UNMAP null 8 -1 -1", "GRANT_MAP d0v0 8 2 " + gfn,
        "GRANT_UNMAP d0v0 8 " + handle + " " + gfn), told);
  }

  @Test
  void onlyWhoUsesAnEntryEndsItsUse() {
    FakeDomain service = bench.hypervisor.service();
    bench.grants.grant(front, REF, service.id(), front.gfn() + 7);
    bench.grants.map(service, front, REF, false);
    bench.grants.grant(front, REF + 1, back.id(), front.gfn() + 8);
    bench.grants.map(back, front, REF + 1, false);
    bench.grants.unmap(back, front, REF, false);
    for (int ref : new int[] {-1, 512, 513}) {
      bench.grants.unmap(service, front, ref, false);
    }
    assertEquals(1, bench.grants.mapped(service));
    assertEquals(1, bench.grants.mapped(back));
    assertEquals(2, bench.grants.granted(front));
  }

  @Test
  void operationsAreDeclaredInTheirOrder() {
    List<Integer> numbers = bench.hypervisor.port(HypercallsPort.class).operations(HypercallNumber.__HYPERVISOR_grant_table_op).stream()
        .map(
            each -> each.number()).toList();
    assertEquals(List.of(0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12), numbers);
  }
}
