// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.GrantUse;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.GrantSide;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GrantOp;

/** Who uses a page by a grant, where an entry is, and what is told of copies. */
class GrantUsersTest {
  private static final int REF = 8;
  private final Bench bench = new Bench();
  private final FakeDomain back = bench.hypervisor.dom0(1);
  private final FakeDomain front = bench.hypervisor.domU(2, 1);

  @Test
  void aPageHasUsersAsLongAsItIsMapped() {
    bench.grant(front, REF, back, 20, false);
    long mfn = bench.frame(front, 20);
    assertEquals(List.of(), bench.grants.uses(mfn));
    GnttabMapGrantRef mapped = bench.map(back, front, REF, false, 0);
    assertEquals(List.of(new GrantUse(front.serial(), REF, back.serial())), bench.grants.uses(mfn));
    assertEquals(List.of(), bench.grants.uses(mfn + 1));
    bench.unmap(back, mapped.handle(), Bench.WINDOW);
    assertEquals(List.of(), bench.grants.uses(mfn));
  }

  @Test
  void anEntryIsWhereItsDomainWritesItAndAskingMakesNone() {
    assertEquals(-1, bench.grants.entry(front, REF), "no table yet");
    bench.grant(front, REF, back, 20, false);
    long entry = bench.grants.entry(front, REF);
    assertEquals(front.gfn() + 20, bench.memory.read32(entry + 4));
    assertEquals(-1, bench.grants.entry(front, 512), "one frame has 512");
    assertEquals(-1, bench.grants.entry(front, -1));
  }

  @Test
  void aCopyIsToldWithBothItsPlacesAndNoneThatIsRefused() {
    List<String> told = new ArrayList<>();
    bench.hypervisor.port(HypervisorTracePort.class).add(new HypervisorTracePort.Listener() {
      @Override
      public void happened(HypervisorTracePort.Kind kind, Vcpu vcpu, long a, long b, long c) {}

      @Override
      public void copied(Vcpu vcpu, long from, long to, int length, GrantSide source, GrantSide target) {
        told.add("d%d: %x %x %d %s %s".formatted(vcpu.domain().id(), from, to, length, source, target));
      }
    });
    bench.grant(front, REF, back, 20, false);
    GnttabCopy op = bench.copy(back, GrantOp.GNTCOPY_source_gref, 16);
    op.sourceRef(REF);
    op.sourceDomid(front.id());
    op.sourceOffset(0x30);
    op.destGmfn(back.gfn() + 7);
    op.destDomid(DomainId.DOMID_SELF);
    op.destOffset(0x100);
    assertEquals(0, bench.run(back, op));
    assertEquals(List.of("d0: %x %x 16 %s %s".formatted((bench.frame(front, 20) << 12) + 0x30, (bench.frame(back, 7) << 12) + 0x100,
        new GrantSide(front.id(), REF), new GrantSide(back.id(), -1))), told);
    op.sourceOffset(4090);
    bench.run(back, op);
    assertEquals(1, told.size(), "it goes beyond its page");
  }
}
