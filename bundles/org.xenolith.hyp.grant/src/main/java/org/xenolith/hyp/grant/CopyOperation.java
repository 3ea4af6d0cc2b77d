// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_copy_arg;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_domain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_page;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;
import static org.xenolith.xen.abi.GrantStatus.GNTST_permission_denied;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.GrantSide;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GrantOp;

/** Copies within a page, from and to the caller's own pages or ones that are granted to it. */
final class CopyOperation {
  private static final int PAGE = 4096;
  private static final int PAGE_SHIFT = 12;

  private final GrantOperations operations;
  private final GrantModel grants;
  private final MachineMemory memory;
  private final HypervisorTracePort trace;
  private final byte[] page = new byte[PAGE];

  CopyOperation(GrantOperations operations, GrantModel grants, MachineMemory memory, HypervisorTracePort trace) {
    this.operations = operations;
    this.grants = grants;
    this.memory = memory;
    this.trace = trace;
  }

  long copy(Hypercall call, GnttabCopy op, Domain caller) {
    op.status(status(call, op, caller));
    return 0;
  }

  private int status(Hypercall call, GnttabCopy op, Domain caller) {
    boolean fromGrant = (op.flags() & GrantOp.GNTCOPY_source_gref) != 0;
    boolean toGrant = (op.flags() & GrantOp.GNTCOPY_dest_gref) != 0;
    // Only one's own pages go by their frame.
    if (!fromGrant && op.sourceDomid() != DomainId.DOMID_SELF || !toGrant && op.destDomid() != DomainId.DOMID_SELF) {
      return GNTST_permission_denied;
    }
    Domain from = operations.target(call, op.sourceDomid());
    Domain to = operations.target(call, op.destDomid());
    if (from == null || to == null || grants.of(from) == null || grants.of(to) == null) {
      return GNTST_bad_domain;
    }
    if (!operations.mayUse(caller, from) || !operations.mayUse(caller, to)) {
      return GNTST_permission_denied;
    }
    int status = fromGrant ? use(from, caller, op.sourceRef(), true) : GNTST_okay;
    if (status != GNTST_okay) {
      return status;
    }
    status = toGrant ? use(to, caller, op.destRef(), false) : GNTST_okay;
    if (status == GNTST_okay) {
      long sourcePage = fromGrant ? granted(from, op.sourceRef()) : own(caller, op.sourceGmfn(), false);
      long destinationPage = toGrant ? granted(to, op.destRef()) : own(caller, op.destGmfn(), true);
      status = move(op, sourcePage, destinationPage);
      if (status == GNTST_okay && trace.on() && op.len() > 0) {
        trace.copied(call.vcpu(), sourcePage + op.sourceOffset(), destinationPage + op.destOffset(), op.len(), new GrantSide(from.id(),
            fromGrant ? op.sourceRef() : -1), new GrantSide(to.id(), toGrant ? op.destRef() : -1));
      }
      if (toGrant) {
        grants.endUse(to.serial(), op.destRef(), false);
      }
    }
    if (fromGrant) {
      grants.endUse(from.serial(), op.sourceRef(), true);
    }
    return status;
  }

  private int use(Domain granter, Domain caller, int ref, boolean readOnly) {
    return grants.of(granter).table.use(granter, caller, ref, readOnly, true);
  }

  private long granted(Domain granter, int ref) {
    return grants.of(granter).table.mfn(ref) << PAGE_SHIFT;
  }

  /** Machine address of a page of the caller's own; -1 if it isn't. */
  private long own(Domain caller, long gfn, boolean write) {
    PageType type = grants.p2m.type(caller, gfn);
    if (type != PageType.RAM && (write || type != PageType.RAM_READ_ONLY)) {
      return -1;
    }
    return grants.p2m.translate(caller, gfn << PAGE_SHIFT, write);
  }

  private int move(GnttabCopy op, long from, long to) {
    if (from == -1 || to == -1) {
      return GNTST_bad_page;
    }
    int length = op.len();
    if (op.sourceOffset() + length > PAGE || op.destOffset() + length > PAGE) {
      return GNTST_bad_copy_arg;
    }
    if (length > 0) {
      memory.read(from + op.sourceOffset(), page, 0, length);
      memory.write(to + op.destOffset(), page, 0, length);
    }
    return GNTST_okay;
  }
}
