// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.grant.Bench.WINDOW;
import static org.xenolith.xen.abi.GrantFlag.GTF_permit_access;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_domain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_gntref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_handle;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GrantOp;
import org.xenolith.xen.abi.HypercallNumber;

/** Domains that are dying or gone, and what others have of them. */
class GoneDomainsTest {
  private static final int REF = 8;
  private final Bench bench = new Bench();
  private final FakeDomain back = bench.hypervisor.dom0(1);
  private final FakeDomain front = bench.hypervisor.domU(2, 1);

  private static int handle(GnttabMapGrantRef op) {
    assertEquals(GNTST_okay, op.status());
    return op.handle();
  }

  @Test
  void aDomainThatIsDyingBeginsNoTable() {
    front.state(DomainState.DYING);
    assertEquals(-1, bench.grants.frame(front, 0));
    bench.grants.grant(front, REF, back.id(), front.gfn());
    bench.grant(back, REF, front, 20, false);
    assertEquals(GNTST_bad_domain, bench.map(back, front, REF, false, 0).status());
    assertEquals(GNTST_bad_domain, bench.map(front, back, REF, false, 0).status());
    assertEquals(GNTST_bad_domain, bench.grants.map(back, front, REF, false));
    assertEquals(GNTST_bad_domain, bench.grants.map(front, back, REF, false));
    assertEquals(GNTST_bad_handle, bench.unmap(front, 0, WINDOW));
    GnttabCopy op = bench.copy(back, GrantOp.GNTCOPY_source_gref, 8);
    op.sourceRef(REF);
    op.sourceDomid(front.id());
    op.destGmfn(back.gfn());
    assertEquals(GNTST_bad_domain, bench.run(back, op));
    op = bench.copy(back, GrantOp.GNTCOPY_dest_gref, 8);
    op.sourceGmfn(back.gfn());
    op.destRef(REF);
    op.destDomid(front.id());
    assertEquals(GNTST_bad_domain, bench.run(back, op));
    assertNull(bench.model.bySerial(front.serial()));
    assertEquals(GTF_permit_access, bench.flags(back, REF));
  }

  @Test
  void aDomainThatIsDyingIsAskedAboutInVain() {
    front.state(DomainState.DYING);
    back.memory().write32(back.page(2), front.id());
    back.memory().write32(back.page(2) + 12, 99);
    assertEquals(0, bench.call(back, GrantOp.GNTTABOP_query_size, back.page(2), 1));
    assertEquals(GNTST_bad_domain, (short) back.memory().read32(back.page(2) + 12));
    front.memory().write64(front.page(2), 1L << 32);
    front.memory().write32(front.page(2) + 8, 99);
    assertEquals(0, bench.call(front, GrantOp.GNTTABOP_swap_grant_ref, front.page(2), 1));
    assertEquals(GNTST_bad_gntref, (short) front.memory().read32(front.page(2) + 8));
  }

  @Test
  void aDomainThatIsGoneIsForgottenWithTheLastMappingOfItsPages() {
    bench.grant(front, REF, back, 20, false);
    int first = handle(bench.map(back, front, REF, false, 0));
    int second = handle(bench.map(back, front, REF, false, 1));
    bench.hypervisor.destroy(front);
    assertEquals(GNTST_okay, bench.unmap(back, first, WINDOW));
    assertNotNull(bench.model.bySerial(front.serial()));
    assertEquals(GNTST_okay, bench.unmap(back, second, WINDOW + 0x1000));
    assertNull(bench.model.bySerial(front.serial()));
  }

  @Test
  void ofADomainThatIsGoneNothingMoreIsUsed() {
    bench.grant(front, REF, back, 20, false);
    handle(bench.map(back, front, REF, false, 0));
    bench.hypervisor.destroy(front);
    assertEquals(GNTST_bad_domain, bench.grants.map(back, front, REF, false));
    assertEquals(-1, bench.grants.frame(front, 0));
    assertEquals(1, bench.grants.granted(front));
  }

  @Test
  void aDomainThatIsGoneIsForgottenWithTheLastUseByJava() {
    bench.grant(front, REF, back, 20, false);
    bench.grants.map(back, front, REF, false);
    bench.hypervisor.destroy(front);
    assertNotNull(bench.model.bySerial(front.serial()));
    bench.grants.unmapGone(back, front.serial(), REF, false);
    assertNull(bench.model.bySerial(front.serial()));
  }

  @Test
  void aDomainThatNobodyUsedAnythingOfIsForgottenAtOnce() {
    bench.grants.frame(front, 0);
    assertNotNull(bench.model.bySerial(front.serial()));
    bench.hypervisor.destroy(front);
    assertNull(bench.model.bySerial(front.serial()));
  }

  @Test
  void aDomainThatIsGoneIsForgottenWithItsLastUser() {
    FakeDomain user = bench.hypervisor.domU(5, 1);
    bench.grant(front, REF, user, 20, false);
    for (int i = 0; i < 2; i++) {
      bench.grants.map(user, front, REF, false);
      bench.grants.map(user, front, REF, true);
    }
    bench.hypervisor.destroy(front);
    assertEquals(4, bench.model.bySerial(front.serial()).table.uses());
    bench.hypervisor.destroy(user);
    assertNull(bench.model.bySerial(front.serial()));
    assertNull(bench.model.bySerial(user.serial()));
  }

  @Test
  void aDomainThatWentWithoutAProviderGivesBackWhatItMapped() {
    bench.grant(back, REF, front, 20, false);
    handle(bench.map(front, back, REF, false, 0));
    bench.grants.map(front, back, REF, true);
    long table = bench.grants.frame(front, 0);
    long kept = bench.grants.frame(back, 0);
    StateRecord record = bench.hypervisor.remove("grant");
    bench.hypervisor.destroy(front);
    assertEquals(FrameHeap.HYPERVISOR, bench.heap.owner(table), "nobody was there to give it back");
    GrantModel next = (GrantModel) bench.hypervisor.bringBack("grant", new GrantComponent(), record);
    assertEquals(0, bench.heap.owner(table));
    assertEquals(0, bench.grants.granted(back));
    assertEquals(GTF_permit_access, bench.flags(back, REF));
    assertNull(next.bySerial(front.serial()));
    assertEquals(kept, bench.grants.frame(back, 0), "who lives goes on");
    assertEquals(FrameHeap.HYPERVISOR, bench.heap.owner(kept));
  }

  @Test
  void aColdStartForgetsTablesAndMappings() {
    bench.grant(front, REF, back, 20, false);
    handle(bench.map(back, front, REF, false, 0));
    bench.model.reset();
    assertEquals(0, bench.grants.mapped(back));
    assertEquals(0, bench.grants.granted(front));
    assertNull(bench.model.bySerial(front.serial()));
  }

  @Test
  void withoutTheCoreOnlyOneselfIsKnown() {
    bench.grant(front, REF, back, 20, false);
    bench.hypervisor.port(DomainsPort.class).detach(bench.hypervisor);
    assertEquals(GNTST_bad_domain, bench.map(back, front, REF, false, 0).status());
    for (int domid : new int[] {front.id(), DomainId.DOMID_SELF}) {
      front.memory().write32(front.page(2), domid);
      front.memory().write32(front.page(2) + 12, 99);
      assertEquals(0, bench.call(front, GrantOp.GNTTABOP_query_size, front.page(2), 1));
      assertEquals(GNTST_okay, (short) front.memory().read32(front.page(2) + 12));
    }
  }

  /** As a record can have them that somebody made up. */
  @Test
  void handlesThatLeadNowhereAreGivenBackAllTheSame() {
    bench.grants.frame(front, 0);
    bench.grants.frame(back, 0);
    for (int[] wrong : new int[][] {{back.serial(), 512}, {back.serial(), -1}, {back.serial(), Integer.MIN_VALUE}, {99, REF}}) {
      int handle = bench.model.bySerial(front.serial()).maptrack.take(wrong[0], wrong[1], WINDOW >>> 12, false);
      assertEquals(GNTST_okay, bench.unmap(front, handle, WINDOW));
      assertTrue(bench.hypervisor.port(HypercallsPort.class).served(HypercallNumber.__HYPERVISOR_grant_table_op));
      bench.model.bySerial(front.serial()).maptrack.take(wrong[0], wrong[1], WINDOW >>> 12, false);
    }
    bench.hypervisor.destroy(front);
    assertNull(bench.model.bySerial(front.serial()));
    assertEquals(0, bench.grants.granted(back));
  }
}
