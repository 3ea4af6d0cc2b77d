// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.GnttabCacheFlush;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GnttabGetStatusFrames;
import org.xenolith.xen.abi.GnttabGetVersion;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GnttabQuerySize;
import org.xenolith.xen.abi.GnttabSetVersion;
import org.xenolith.xen.abi.GnttabSetupTable;
import org.xenolith.xen.abi.GnttabSwapGrantRef;
import org.xenolith.xen.abi.GnttabTransfer;
import org.xenolith.xen.abi.GnttabUnmapAndReplace;
import org.xenolith.xen.abi.GnttabUnmapGrantRef;
import org.xenolith.xen.abi.GrantOp;

/**
 * Hypercall grant_table_op (public header {@code grant_table.h}): an operation and a list of structures, which for some must have one
 * element. A long list is done in slices: the arguments are moved on and the call is made again. Who may do what is told by a status in
 * the structure, and so asked in its turn.
 */
final class GrantOperations implements HypercallHandler {
  /** Structures after which others have their turn. */
  private static final int SLICE = 128;
  /** The bits that are a number in Xen 4.17; those above are its own, to go on with a list. */
  private static final int OPERATION = 0xFFF;

  private final DomainsPort domains;
  private final AccessControlPort access;
  private final SubOperations lists;
  private final SubOperations single;

  GrantOperations(DeviceContext context, GrantModel grants, MachineMemory memory) {
    domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    MapOperations map = new MapOperations(context, this, grants);
    CopyOperation copy = new CopyOperation(this, grants, memory, context.port(HypervisorTracePort.class));
    TableOperations tables = new TableOperations(this, grants);
    lists = new SubOperations(context).add(
        SubOperation.of(GrantOp.GNTTABOP_map_grant_ref, "map_grant_ref", new GnttabMapGrantRef(), map::map).answers(),
        SubOperation.of(GrantOp.GNTTABOP_unmap_grant_ref, "unmap_grant_ref", new GnttabUnmapGrantRef(), map::unmap)
            .answers(GnttabUnmapGrantRef.STATUS, 2),
        SubOperation.of(GrantOp.GNTTABOP_unmap_and_replace, "unmap_and_replace", new GnttabUnmapAndReplace(), map::unmapAndReplace)
            .answers(GnttabUnmapAndReplace.STATUS, 2),
        SubOperation.of(GrantOp.GNTTABOP_transfer, "transfer", new GnttabTransfer(), tables::transfer).answers(GnttabTransfer.STATUS, 2),
        SubOperation.of(GrantOp.GNTTABOP_copy, "copy", new GnttabCopy(), copy::copy).answers(GnttabCopy.STATUS, 2),
        SubOperation.of(GrantOp.GNTTABOP_swap_grant_ref, "swap_grant_ref", new GnttabSwapGrantRef(), tables::swap)
            .answers(GnttabSwapGrantRef.STATUS, 2),
        SubOperation.of(GrantOp.GNTTABOP_cache_flush, "cache_flush", new GnttabCacheFlush(), tables::cacheFlush));
    single = new SubOperations(context).add(
        SubOperation.of(GrantOp.GNTTABOP_setup_table, "setup_table", new GnttabSetupTable(), tables::setup)
            .unless(GrantOperations::several).needs(Privilege.SELF).inItsTurn().answers(GnttabSetupTable.STATUS, 2),
        SubOperation.of(GrantOp.GNTTABOP_query_size, "query_size", new GnttabQuerySize(), tables::querySize)
            .unless(GrantOperations::several).needs(Privilege.SELF).inItsTurn().answers(),
        SubOperation.of(GrantOp.GNTTABOP_get_status_frames, "get_status_frames", new GnttabGetStatusFrames(), tables::statusFrames)
            .unless(GrantOperations::several).needs(Privilege.SELF).inItsTurn().answers(GnttabGetStatusFrames.STATUS, 2),
        SubOperation.of(GrantOp.GNTTABOP_set_version, "set_version", new GnttabSetVersion(), tables::setVersion).answers().always(),
        SubOperation.of(GrantOp.GNTTABOP_get_version, "get_version", new GnttabGetVersion(), tables::getVersion)
            .target(GnttabGetVersion::dom).needs(Privilege.SELF).answers(GnttabGetVersion.VERSION, 4));
  }

  private static int several(Hypercall call) {
    return (int) call.argument(2) == 1 ? 0 : -XEN_EINVAL;
  }

  @Override
  public List<SubOperation<?>> operations() {
    return Stream.concat(lists.operations().stream(), single.operations().stream())
        .sorted((a, b) -> Integer.compare(a.number(), b.number())).toList();
  }

  @Override
  public long call(Hypercall call) {
    int command = (int) call.argument(0);
    int op = command & OPERATION;
    int count = (int) call.argument(2);
    if (count < 0 || op != command && op != GrantOp.GNTTABOP_cache_flush) {
      return -XEN_EINVAL;
    }
    SubOperation<?> listed = lists.find(op);
    return listed != null ? list(call, listed, count) : single.call(call);
  }

  /** Takes the structures of a list one by one; an error ends it. */
  private long list(Hypercall call, SubOperation<?> operation, int count) {
    int size = SubOperations.sizeOf(call, operation.argument());
    long at = call.argument(1);
    int end = Math.min(count, SLICE);
    for (int i = 0; i < end; i++, at += size) {
      if (!lists.read(call, operation, at)) {
        return -XEN_EFAULT;
      }
      long error = operation.serve(call, call.domain());
      if (error != 0) {
        return error;
      }
      if (operation.answersAt(0) && !lists.write(call, operation, at)) {
        return -XEN_EFAULT;
      }
    }
    if (end < count) {
      call.argument(0, operation.number());
      call.argument(1, at);
      call.argument(2, count - end);
      call.again();
    }
    return 0;
  }

  /** The domain of that domid, or null. */
  Domain domain(int domid) {
    Domains core = domains.domains();
    return core == null ? null : core.byId(domid);
  }

  /** The domain that a call names, perhaps as itself; null if there is none. */
  Domain target(Hypercall call, int domid) {
    return domid == DomainId.DOMID_SELF || domid == call.domain().id() ? call.domain() : domain(domid);
  }

  /** Whether a domain may ask for another's table. */
  boolean mayServe(Domain caller, Domain target) {
    return access.allowed(caller, Privilege.SELF, target);
  }

  /** Whether a domain may use what another one grants it. */
  boolean mayUse(Domain caller, Domain target) {
    return access.allowed(caller, Privilege.ANY, target);
  }
}
