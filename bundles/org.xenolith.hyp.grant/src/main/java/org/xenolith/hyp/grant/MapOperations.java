// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.xenolith.xen.abi.GrantOp.GNTMAP_application_map;
import static org.xenolith.xen.abi.GrantOp.GNTMAP_contains_pte;
import static org.xenolith.xen.abi.GrantOp.GNTMAP_device_map;
import static org.xenolith.xen.abi.GrantOp.GNTMAP_host_map;
import static org.xenolith.xen.abi.GrantOp.GNTMAP_readonly;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_domain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_gntref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_handle;
import static org.xenolith.xen.abi.GrantStatus.GNTST_general_error;
import static org.xenolith.xen.abi.GrantStatus.GNTST_no_space;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;
import static org.xenolith.xen.abi.GrantStatus.GNTST_permission_denied;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GnttabUnmapAndReplace;
import org.xenolith.xen.abi.GnttabUnmapGrantRef;
import org.xenolith.xen.abi.GrantFlag;

/**
 * Maps granted pages into the caller's memory and unmaps them. On Arm every guest is auto-translated: a host address is an
 * intermediate physical one, and there are no device mappings.
 */
final class MapOperations {
  /** What an entry's domain may say of caching; no such mapping can be made. */
  private static final int CACHE_FLAGS = GrantFlag.GTF_PWT | GrantFlag.GTF_PCD | GrantFlag.GTF_PAT;
  private static final int PAGE_SHIFT = 12;

  private final GrantOperations operations;
  private final GrantModel grants;
  private final P2mPort p2m;
  private final HypervisorTracePort trace;

  MapOperations(DeviceContext context, GrantOperations operations, GrantModel grants) {
    this.operations = operations;
    this.grants = grants;
    p2m = grants.p2m;
    trace = context.port(HypervisorTracePort.class);
  }

  long map(Hypercall call, GnttabMapGrantRef mapping, Domain mapper) {
    mapping.status(status(call, mapping, mapper));
    return 0;
  }

  private int status(Hypercall call, GnttabMapGrantRef mapping, Domain mapper) {
    int flags = mapping.flags();
    if ((flags & (GNTMAP_device_map | GNTMAP_host_map)) == 0) {
      return GNTST_bad_gntref;
    }
    if ((flags & (GNTMAP_device_map | GNTMAP_application_map | GNTMAP_contains_pte)) != 0) {
      return GNTST_general_error;
    }
    Domain granter = operations.domain(mapping.dom());
    DomainGrants theirs = granter == null ? null : grants.of(granter);
    DomainGrants mine = grants.of(mapper);
    if (theirs == null || mine == null) {
      return GNTST_bad_domain;
    }
    if (!operations.mayUse(mapper, granter)) {
      return GNTST_permission_denied;
    }
    if (!mine.maptrack.room()) {
      return GNTST_no_space;
    }
    boolean readOnly = (flags & GNTMAP_readonly) != 0;
    int ref = mapping.ref();
    int status = theirs.table.use(granter, mapper, ref, readOnly, false);
    if (status != GNTST_okay) {
      return status;
    }
    long gfn = mapping.hostAddr() >>> PAGE_SHIFT;
    long mfn = theirs.table.mfn(ref);
    if ((flags & ~GNTMAP_readonly) != GNTMAP_host_map || theirs.table.flags(ref, CACHE_FLAGS) != 0
        || p2m.map(mapper, gfn, mfn, 1, readOnly ? PageType.GRANT_READ_ONLY : PageType.GRANT) != 0) {
      theirs.table.end(ref, readOnly);
      return GNTST_general_error;
    }
    mapping.handle(mine.maptrack.take(theirs.serial, ref, gfn, readOnly));
    mapping.devBusAddr(mfn << PAGE_SHIFT);
    if (trace.on()) {
      trace.happened(HypervisorTracePort.Kind.GRANT_MAP, call.vcpu(), ref, granter.id(), gfn);
    }
    return GNTST_okay;
  }

  long unmap(Hypercall call, GnttabUnmapGrantRef unmapping, Domain mapper) {
    unmapping.status(unmap(call, unmapping.handle(), unmapping.hostAddr(), 0));
    return 0;
  }

  long unmapAndReplace(Hypercall call, GnttabUnmapAndReplace unmapping, Domain mapper) {
    unmapping.status(unmap(call, unmapping.handle(), unmapping.hostAddr(), unmapping.newAddr()));
    return 0;
  }

  private int unmap(Hypercall call, int handle, long address, long newAddress) {
    Domain mapper = call.domain();
    DomainGrants mine = grants.of(mapper);
    if (mine == null || !mine.maptrack.valid(handle)) {
      return GNTST_bad_handle;
    }
    if (address == 0) {
      // Nothing is to be unmapped: the mapping stays, and so does its handle.
      return GNTST_okay;
    }
    Maptrack maptrack = mine.maptrack;
    int granter = maptrack.granter(handle);
    int ref = maptrack.ref(handle);
    long gfn = maptrack.gfn(handle);
    if (newAddress != 0 || address >>> PAGE_SHIFT != gfn || !absent(mapper, gfn, grants.mfn(granter, ref))) {
      return GNTST_general_error;
    }
    boolean readOnly = maptrack.readOnly(handle);
    maptrack.release(handle);
    grants.endUse(granter, ref, readOnly);
    if (trace.on()) {
      trace.happened(HypervisorTracePort.Kind.GRANT_UNMAP, call.vcpu(), ref, handle, gfn);
    }
    return GNTST_okay;
  }

  /** Unmaps a frame. @return false if something else is there, or stage 2 can't do it */
  private boolean absent(Domain mapper, long gfn, long mfn) {
    long machine = p2m.translate(mapper, gfn << PAGE_SHIFT, false);
    return (machine == -1 || machine >>> PAGE_SHIFT == mfn) && p2m.unmap(mapper, gfn, 1) == 0;
  }
}
