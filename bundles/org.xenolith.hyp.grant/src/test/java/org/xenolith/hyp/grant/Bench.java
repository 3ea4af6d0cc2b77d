// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GnttabUnmapGrantRef;
import org.xenolith.xen.abi.GrantFlag;
import org.xenolith.xen.abi.GrantOp;
import org.xenolith.xen.abi.HypercallNumber;

/** Grant tables under test, and what domains do with them. */
final class Bench {
  /** Where mappers map: nothing else is there. */
  static final long WINDOW = 0x9000_0000L;

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final FrameHeap heap = hypervisor.port(FrameHeapPort.class);
  final P2mPort p2m = hypervisor.port(P2mPort.class);
  final GrantsPort grants = hypervisor.port(GrantsPort.class);
  final MachineMemory memory = hypervisor.memory();
  final GrantModel model = (GrantModel) hypervisor.install("grant", new GrantComponent());

  private long entry(FakeDomain granter, int ref) {
    return (grants.frame(granter, ref / 512) << 12) + ref % 512 * 8;
  }

  /** Fills an entry as its domain does. */
  void grant(FakeDomain granter, int ref, FakeDomain to, int page, boolean readOnly) {
    entry(granter, ref, GrantFlag.GTF_permit_access | (readOnly ? GrantFlag.GTF_readonly : 0), to.id(), granter.gfn() + page);
  }

  void entry(FakeDomain granter, int ref, int flags, int domid, long gfn) {
    memory.write32(entry(granter, ref) + 4, (int) gfn);
    memory.write32(entry(granter, ref), domid << 16 | flags);
  }

  int flags(FakeDomain granter, int ref) {
    return memory.read16(entry(granter, ref)) & 0xFFFF;
  }

  long frame(FakeDomain domain, int page) {
    return p2m.translate(domain, domain.page(page), false) >>> 12;
  }

  long call(FakeDomain caller, int op, long argument, int count) {
    return caller.vcpu(0).call(HypercallNumber.__HYPERVISOR_grant_table_op, op, argument, count);
  }

  /** GNTTABOP_map_grant_ref of one entry at a page of the window; the argument is in the caller's first page. */
  GnttabMapGrantRef map(FakeDomain mapper, FakeDomain granter, int ref, boolean readOnly, int at) {
    return map(mapper, granter.id(), ref, GrantOp.GNTMAP_host_map | (readOnly ? GrantOp.GNTMAP_readonly : 0),
        WINDOW + at * 4096L);
  }

  GnttabMapGrantRef map(FakeDomain mapper, int domid, int ref, int flags, long address) {
    GnttabMapGrantRef op = new GnttabMapGrantRef();
    op.at(mapper.memory(), mapper.page(0));
    op.hostAddr(address);
    op.flags(flags);
    op.ref(ref);
    op.dom(domid);
    op.status(99);
    if (call(mapper, GrantOp.GNTTABOP_map_grant_ref, mapper.page(0), 1) != 0) {
      throw new AssertionError("the call failed");
    }
    return op;
  }

  int unmap(FakeDomain mapper, int handle, long address) {
    return unmap(mapper, GrantOp.GNTTABOP_unmap_grant_ref, handle, address, 0);
  }

  int unmap(FakeDomain mapper, int operation, int handle, long address, long second) {
    GnttabUnmapGrantRef op = new GnttabUnmapGrantRef();
    op.at(mapper.memory(), mapper.page(1));
    op.hostAddr(address);
    op.devBusAddr(second);
    op.handle(handle);
    op.status(99);
    if (call(mapper, operation, mapper.page(1), 1) != 0) {
      throw new AssertionError("the call failed");
    }
    return op.status();
  }

  /** A copy in the caller's second page, to be filled in further. */
  GnttabCopy copy(FakeDomain caller, int flags, int length) {
    GnttabCopy op = new GnttabCopy();
    op.at(caller.memory(), caller.page(1));
    op.sourceGmfn(0);
    op.destGmfn(0);
    op.sourceOffset(0);
    op.destOffset(0);
    op.sourceDomid(0x7FF0);
    op.destDomid(0x7FF0);
    op.len(length);
    op.flags(flags);
    op.status(99);
    return op;
  }

  int run(FakeDomain caller, GnttabCopy op) {
    if (call(caller, GrantOp.GNTTABOP_copy, caller.page(1), 1) != 0) {
      throw new AssertionError("the call failed");
    }
    return op.status();
  }
}
