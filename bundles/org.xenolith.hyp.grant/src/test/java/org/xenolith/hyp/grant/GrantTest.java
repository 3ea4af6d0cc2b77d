// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.grant.Bench.WINDOW;
import static org.xenolith.xen.abi.GrantFlag.GTF_permit_access;
import static org.xenolith.xen.abi.GrantFlag.GTF_reading;
import static org.xenolith.xen.abi.GrantFlag.GTF_readonly;
import static org.xenolith.xen.abi.GrantFlag.GTF_writing;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_domain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_gntref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_handle;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_page;
import static org.xenolith.xen.abi.GrantStatus.GNTST_general_error;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.PageType;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GrantOp;

/** Pages that domains let others map. */
class GrantTest {
  private static final int REF = 8;
  private final Bench bench = new Bench();
  private final FakeDomain back = bench.hypervisor.dom0(1);
  private final FakeDomain front = bench.hypervisor.domU(2, 1);

  private int handle(GnttabMapGrantRef op) {
    assertEquals(GNTST_okay, op.status());
    return op.handle();
  }

  @Test
  void aGrantedPageIsMappedAndItsEntrySaysSo() {
    bench.grant(front, REF, back, 20, false);
    GnttabMapGrantRef op = bench.map(back, front, REF, false, 0);
    assertEquals(GNTST_okay, op.status());
    long frame = bench.frame(front, 20);
    assertEquals(frame << 12, op.devBusAddr());
    assertEquals(frame << 12, bench.p2m.translate(back, WINDOW, true));
    assertEquals(PageType.GRANT, bench.p2m.type(back, WINDOW >>> 12));
    assertEquals(GTF_permit_access | GTF_reading | GTF_writing, bench.flags(front, REF));
    assertEquals(1, bench.grants.mapped(back));
    assertEquals(1, bench.grants.granted(front));
    assertEquals(GNTST_okay, bench.unmap(back, op.handle(), WINDOW));
    assertEquals(-1, bench.p2m.translate(back, WINDOW, false));
    assertEquals(GTF_permit_access, bench.flags(front, REF));
    assertEquals(0, bench.grants.mapped(back));
    assertEquals(0, bench.grants.granted(front));
    assertEquals(1, bench.heap.held(frame), "as RAM of its own only");
  }

  @Test
  void aMappingForReadingIsForReading() {
    bench.grant(front, REF, back, 20, true);
    assertEquals(GNTST_general_error, bench.map(back, front, REF, false, 0).status());
    assertEquals(GTF_permit_access | GTF_readonly, bench.flags(front, REF));
    handle(bench.map(back, front, REF, true, 0));
    assertEquals(PageType.GRANT_READ_ONLY, bench.p2m.type(back, WINDOW >>> 12));
    assertEquals(-1, bench.p2m.translate(back, WINDOW, true));
    assertEquals(GTF_permit_access | GTF_readonly | GTF_reading, bench.flags(front, REF));
  }

  @Test
  void flagsGoWithTheLastUseOfTheirKind() {
    bench.grant(front, REF, back, 20, false);
    int first = handle(bench.map(back, front, REF, true, 0));
    int second = handle(bench.map(back, front, REF, false, 1));
    int third = handle(bench.map(back, front, REF, false, 2));
    assertEquals(GTF_permit_access | GTF_reading | GTF_writing, bench.flags(front, REF));
    assertEquals(GNTST_okay, bench.unmap(back, second, WINDOW + 0x1000));
    assertEquals(GTF_permit_access | GTF_reading | GTF_writing, bench.flags(front, REF));
    assertEquals(GNTST_okay, bench.unmap(back, third, WINDOW + 0x2000));
    assertEquals(GTF_permit_access | GTF_reading, bench.flags(front, REF));
    assertEquals(GNTST_okay, bench.unmap(back, first, WINDOW));
    assertEquals(GTF_permit_access, bench.flags(front, REF));
  }

  @Test
  void onlyWhatIsGrantedToOneIsMapped() {
    FakeDomain other = bench.hypervisor.domU(3, 1);
    bench.grant(front, REF, other, 20, false);
    assertEquals(GNTST_general_error, bench.map(back, front, REF, false, 0).status());
    assertEquals(GNTST_general_error, bench.map(back, front, REF + 1, false, 0).status(), "an empty entry");
    bench.entry(front, REF, 2, back.id(), front.gfn());
    assertEquals(GNTST_general_error, bench.map(back, front, REF, false, 0).status(), "an entry for a transfer");
    bench.entry(front, REF, GTF_permit_access | 0x100, back.id(), front.gfn());
    assertEquals(GNTST_general_error, bench.map(back, front, REF, false, 0).status(), "an entry for a part of a page");
    bench.entry(front, REF, GTF_permit_access, back.id(), front.gfn() + 5000);
    assertEquals(GNTST_bad_page, bench.map(back, front, REF, false, 0).status(), "no page there");
    assertEquals(GTF_permit_access, bench.flags(front, REF));
    assertEquals(GNTST_bad_gntref, bench.map(back, front, 512, false, 0).status());
    assertEquals(GNTST_bad_gntref, bench.map(back, front, -1, false, 0).status());
    assertEquals(GNTST_bad_domain, bench.map(back, 77, REF, GrantOp.GNTMAP_host_map, WINDOW).status());
    assertEquals(GNTST_bad_domain, bench.map(back, 0x7FF0, REF, GrantOp.GNTMAP_host_map, WINDOW).status());
    assertEquals(0, bench.grants.granted(front));
    assertEquals(-1, bench.p2m.translate(back, WINDOW, false));
  }

  @Test
  void pagesOfOthersArentGrantedOn() {
    FakeDomain third = bench.hypervisor.domU(3, 1);
    bench.grant(front, REF, back, 20, false);
    handle(bench.map(back, front, REF, false, 0));
    bench.entry(back, REF, GTF_permit_access, third.id(), WINDOW >>> 12);
    assertEquals(GNTST_bad_page, bench.map(third, back, REF, false, 0).status());
    bench.p2m.map(back, 0xA0000, bench.frame(front, 3), 1, PageType.FOREIGN);
    bench.entry(back, REF, GTF_permit_access, third.id(), 0xA0000);
    assertEquals(GNTST_bad_page, bench.map(third, back, REF, false, 0).status());
    bench.p2m.map(back, 0xA0000, bench.grants.frame(back, 0), 1, PageType.RAM);
    assertEquals(GNTST_bad_page, bench.map(third, back, REF, false, 0).status(), "nor those of the hypervisor");
  }

  @Test
  void anEntryInUseKeepsItsUserAndItsFrame() {
    FakeDomain other = bench.hypervisor.domU(3, 1);
    bench.grant(front, REF, back, 20, false);
    int handle = handle(bench.map(back, front, REF, false, 0));
    bench.grant(front, REF, other, 21, false);
    assertEquals(GNTST_general_error, bench.map(other, front, REF, false, 0).status());
    handle(bench.map(back, front, REF, false, 1));
    assertEquals(bench.frame(front, 20) << 12, bench.p2m.translate(back, WINDOW + 0x1000, true), "the frame it was at first");
    assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW));
  }

  @Test
  void flagsOfTheCallThatArmHasntAreRefused() {
    bench.grant(front, REF, back, 20, false);
    int host = GrantOp.GNTMAP_host_map;
    assertEquals(GNTST_bad_gntref, bench.map(back, front.id(), REF, 0, WINDOW).status());
    assertEquals(GNTST_general_error, bench.map(back, front.id(), REF, GrantOp.GNTMAP_device_map, WINDOW).status());
    assertEquals(GNTST_general_error, bench.map(back, front.id(), REF, host | GrantOp.GNTMAP_contains_pte, WINDOW).status());
    assertEquals(GNTST_general_error, bench.map(back, front.id(), REF, host | 1 << 20, WINDOW).status());
    assertEquals(GNTST_general_error, bench.map(back, 77, REF, host | GrantOp.GNTMAP_contains_pte, WINDOW).status(),
        "before anybody asks whose it is");
    bench.entry(front, REF, GTF_permit_access | 32, back.id(), front.gfn());
    assertEquals(GNTST_general_error, bench.map(back, front.id(), REF, host, WINDOW).status());
    assertEquals(GTF_permit_access | 32, bench.flags(front, REF));
    assertEquals(0, bench.grants.granted(front));
  }

  @Test
  void handlesThatArentOnesOwnAreRefused() {
    bench.grant(front, REF, back, 20, false);
    int handle = handle(bench.map(back, front, REF, false, 0));
    for (int wrong : new int[] {handle + 1, -1, Integer.MIN_VALUE, 1 << 20}) {
      assertEquals(GNTST_bad_handle, bench.unmap(back, wrong, WINDOW));
    }
    assertEquals(GNTST_bad_handle, bench.unmap(front, handle, WINDOW), "the handle is another domain's");
    assertEquals(GNTST_general_error, bench.unmap(back, handle, back.page(5)), "something else is there");
    assertEquals(GNTST_okay, bench.unmap(back, handle, 0), "nothing is asked for");
    int replace = GrantOp.GNTTABOP_unmap_and_replace;
    assertEquals(GNTST_general_error, bench.unmap(back, replace, handle, WINDOW, WINDOW + 0x1000));
    assertEquals(1, bench.grants.mapped(back));
    assertEquals(GNTST_okay, bench.unmap(back, replace, handle, WINDOW, 0));
    assertEquals(GNTST_bad_handle, bench.unmap(back, handle, WINDOW));
  }

  @Test
  void oneEntryIsUsedSoOftenAndNoMore() {
    bench.grant(front, REF, back, 20, false);
    for (int i = 0; i < 128; i++) {
      handle(bench.map(back, front, REF, false, i));
    }
    assertEquals(GNTST_general_error, bench.map(back, front, REF, false, 128).status());
    assertEquals(128, bench.grants.granted(front));
    handle(bench.map(back, front, REF, true, 128));
  }

  // ---- Java

  @Test
  void javaUsesPagesInADomainsName() {
    FakeDomain service = bench.hypervisor.service();
    bench.grants.grant(front, 1, service.id(), front.gfn() + 7);
    assertEquals(GTF_permit_access, bench.flags(front, 1));
    assertEquals(bench.frame(front, 7) << 12, bench.grants.map(service, front, 1, false));
    assertEquals(GTF_permit_access | GTF_reading | GTF_writing, bench.flags(front, 1));
    assertEquals(bench.frame(front, 7) << 12, bench.grants.map(service, front, 1, true));
    assertEquals(2, bench.grants.mapped(service));
    bench.grants.unmap(service, front, 1, false);
    bench.grants.unmap(service, front, 1, false);
    assertEquals(GTF_permit_access | GTF_reading, bench.flags(front, 1), "one too many does nothing");
    bench.grants.unmap(service, front, 1, true);
    assertEquals(0, bench.grants.mapped(service));
    assertEquals(0, bench.grants.granted(front));
    assertEquals(GNTST_general_error, bench.grants.map(back, front, 1, false), "it isn't Dom0's");
    assertEquals(GNTST_bad_gntref, bench.grants.map(service, front, 100_000, false));
  }

  @Test
  void theTableGrowsToItsLimit() {
    assertEquals(64, bench.grants.limit(front));
    assertNotEquals(-1, bench.grants.frame(front, 63));
    assertEquals(-1, bench.grants.frame(front, 64));
    assertEquals(-1, bench.grants.frame(front, -1));
    bench.grants.grant(front, 63 * 512 + 511, back.id(), front.gfn() + 2);
    handle(bench.map(back, front, 63 * 512 + 511, false, 0));
    bench.grants.grant(front, 64 * 512, back.id(), front.gfn() + 2);
    bench.grants.grant(front, -1, back.id(), front.gfn() + 2);
  }

  // ---- Domains that go

  @Test
  void aGranterThatGoesLeavesItsPageToWhoUsesIt() {
    FakeDomain service = bench.hypervisor.service();
    bench.grant(front, REF, back, 20, false);
    bench.grants.grant(front, 1, service.id(), front.gfn() + 7);
    int handle = handle(bench.map(back, front, REF, false, 0));
    long ring = bench.grants.map(service, front, 1, false);
    long free = bench.heap.free();
    bench.hypervisor.destroy(front);
    assertEquals(64 - 2 + 1 + 1, bench.heap.free() - free, "its RAM but for two pages, its table and shared_info");
    long data = bench.p2m.translate(back, WINDOW, true);
    bench.memory.write64(data, 0x1234);
    bench.memory.write64(ring, 0x5678);
    FakeDomain next = bench.hypervisor.domU(2, 1);
    assertEquals(0x1234, bench.memory.read64(data), "nobody else got it");
    assertEquals(0x5678, bench.memory.read64(ring));
    assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW));
    bench.grants.unmap(service, front, 1, false);
    assertEquals(0, bench.grants.mapped(back));
    assertEquals(0, bench.grants.mapped(service));
    assertEquals(0, bench.grants.granted(next));
    assertEquals(0, bench.heap.held(data >>> 12));
    assertEquals(0, bench.heap.owner(ring >>> 12));
  }

  @Test
  void aMapperThatGoesGivesEverythingBack() {
    bench.grant(front, REF, back, 20, false);
    handle(bench.map(back, front, REF, false, 0));
    bench.grant(back, REF, front, 20, false);
    bench.grant(back, REF + 1, front, 21, false);
    handle(bench.map(front, back, REF, false, 0));
    assertTrue(bench.grants.map(front, back, REF + 1, true) > 0);
    assertEquals(2, bench.grants.granted(back));
    bench.hypervisor.destroy(front);
    assertEquals(GTF_permit_access, bench.flags(back, REF));
    assertEquals(GTF_permit_access, bench.flags(back, REF + 1));
    assertEquals(0, bench.grants.granted(back));
    assertEquals(0, bench.grants.mapped(front));
    assertEquals(1, bench.grants.granted(front), "its own page is still in use");
    assertEquals(1, bench.heap.held(bench.frame(back, 20)));
  }

  @Test
  void manyDomainsLeaveNothing() {
    bench.grants.frame(back, 0);
    long free = bench.heap.free();
    for (int i = 0; i < 50; i++) {
      FakeDomain domain = bench.hypervisor.domU(5, 1);
      bench.grant(domain, REF, back, 20, false);
      bench.grant(back, REF, domain, 20, false);
      int handle = handle(bench.map(back, domain, REF, false, 0));
      handle(bench.map(domain, back, REF, false, 0));
      bench.hypervisor.destroy(domain);
      assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW));
    }
    assertEquals(free, bench.heap.free());
    assertEquals(0, bench.grants.mapped(back));
    assertEquals(0, bench.grants.granted(back));
  }

  // ---- Versions that come and go

  @Test
  void anotherVersionGoesOnWithMappingsAndHandles() {
    bench.grant(front, REF, back, 20, false);
    int handle = handle(bench.map(back, front, REF, false, 0));
    bench.grants.map(back, front, REF, true);
    bench.hypervisor.replace("grant", new GrantComponent());
    assertEquals(2, bench.grants.mapped(back));
    assertEquals(2, bench.grants.granted(front));
    assertNotEquals(handle, handle(bench.map(back, front, REF, false, 1)));
    bench.grants.unmap(back, front, REF, true);
    assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW));
    assertEquals(1, bench.grants.granted(front));
  }

  @Test
  void withoutAProviderNothingIsMappedAndItGoesOnAfterwards() {
    bench.grant(front, REF, back, 20, false);
    int handle = handle(bench.map(back, front, REF, false, 0));
    FakeDomain third = bench.hypervisor.domU(3, 1);
    bench.grant(third, REF, back, 20, false);
    int dying = handle(bench.map(back, third, REF, false, 1));
    StateRecord record = bench.hypervisor.remove("grant");
    assertEquals(-38, bench.call(back, GrantOp.GNTTABOP_map_grant_ref, back.page(0), 1));
    assertTrue(bench.grants.map(back, front, REF, true) < 0);
    assertEquals(bench.frame(front, 20) << 12, bench.p2m.translate(back, WINDOW, true), "what is mapped stays");
    bench.hypervisor.destroy(third);
    bench.hypervisor.bringBack("grant", new GrantComponent(), record);
    assertEquals(2, bench.grants.mapped(back));
    assertEquals(GNTST_okay, bench.unmap(back, handle, WINDOW));
    assertEquals(GNTST_okay, bench.unmap(back, dying, WINDOW + 0x1000));
    assertEquals(0, bench.grants.mapped(back));
  }
}
