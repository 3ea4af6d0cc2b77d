// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.GnttabCacheFlush;
import org.xenolith.xen.abi.GnttabCopy;
import org.xenolith.xen.abi.GnttabMapGrantRef;
import org.xenolith.xen.abi.GnttabSwapGrantRef;
import org.xenolith.xen.abi.GnttabUnmapGrantRef;
import org.xenolith.xen.abi.GrantOp;

/**
 * Hypercall grant_table_op (public header {@code grant_table.h}): an operation and a list of structures. A long list is done
 * in slices: the arguments are moved on and the call is made again.
 */
final class GrantOperations implements HypercallHandler {
  /** Structures after which others have their turn. */
  private static final int SLICE = 128;
  private static final int OPERATION = 0xFF;
  /** Bytes of {@code struct gnttab_unmap_and_replace} and {@code gnttab_transfer}. */
  private static final int REPLACE_SIZE = 24;
  private static final int TRANSFER_SIZE = 24;

  private final DomainsPort domains;
  private final AccessControlPort access;
  private final MapOperations map;
  private final CopyOperation copy;
  private final TableOperations tables;
  private final byte[] buffer = new byte[GnttabCopy.SIZE];

  /** Does what one structure of a list says, in {@link #buffer}. */
  private interface Step {
    /** @return 0, or a negative errno that ends the call */
    int take(Hypercall call);
  }

  GrantOperations(DeviceContext context, GrantModel grants, MachineMemory memory) {
    domains = context.port(DomainsPort.class);
    access = context.port(AccessControlPort.class);
    map = new MapOperations(context, this, grants, buffer);
    copy = new CopyOperation(this, grants, memory, buffer);
    tables = new TableOperations(this, grants, buffer);
  }

  @Override
  public long call(Hypercall call) {
    int command = (int) call.argument(0);
    int op = command & OPERATION;
    int count = (int) call.argument(2);
    if (count < 0 || op != command && op != GrantOp.GNTTABOP_cache_flush) {
      return -XEN_EINVAL;
    }
    return switch (op) {
      case GrantOp.GNTTABOP_map_grant_ref -> list(call, op, count, GnttabMapGrantRef.SIZE, 0, GnttabMapGrantRef.SIZE, map::map);
      case GrantOp.GNTTABOP_unmap_grant_ref -> list(call, op, count, GnttabUnmapGrantRef.SIZE, GnttabUnmapGrantRef.STATUS, 2,
          map::unmap);
      case GrantOp.GNTTABOP_unmap_and_replace -> list(call, op, count, REPLACE_SIZE, MapOperations.REPLACE_STATUS, 2,
          map::unmapAndReplace);
      case GrantOp.GNTTABOP_transfer -> list(call, op, count, TRANSFER_SIZE, TableOperations.TRANSFER_STATUS, 2,
          tables::transfer);
      case GrantOp.GNTTABOP_copy -> list(call, op, count, GnttabCopy.SIZE, GnttabCopy.STATUS, 2, copy::copy);
      case GrantOp.GNTTABOP_swap_grant_ref -> list(call, op, count, GnttabSwapGrantRef.SIZE, GnttabSwapGrantRef.STATUS, 2,
          tables::swap);
      case GrantOp.GNTTABOP_cache_flush -> list(call, op, count, GnttabCacheFlush.SIZE, 0, 0, tables::cacheFlush);
      case GrantOp.GNTTABOP_setup_table -> count != 1 ? -XEN_EINVAL : tables.setup(call);
      case GrantOp.GNTTABOP_query_size -> count != 1 ? -XEN_EINVAL : tables.querySize(call);
      case GrantOp.GNTTABOP_get_status_frames -> count != 1 ? -XEN_EINVAL : tables.statusFrames(call);
      case GrantOp.GNTTABOP_set_version -> tables.setVersion(call);
      case GrantOp.GNTTABOP_get_version -> tables.getVersion(call);
      default -> -XEN_ENOSYS;
    };
  }

  /** Takes the structures of a list one by one and writes {@code length} bytes of each back. */
  private long list(Hypercall call, int op, int count, int size, int from, int length, Step step) {
    long at = call.argument(1);
    int end = Math.min(count, SLICE);
    for (int i = 0; i < end; i++, at += size) {
      if (!call.read(at, buffer, 0, size)) {
        return -XEN_EFAULT;
      }
      int error = step.take(call);
      if (error != 0) {
        return error;
      }
      if (length != 0 && !call.write(at + from, buffer, from, length)) {
        return -XEN_EFAULT;
      }
    }
    if (end < count) {
      call.argument(0, op);
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
