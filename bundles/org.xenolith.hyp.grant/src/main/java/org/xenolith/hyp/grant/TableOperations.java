// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_domain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_gntref;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_page;
import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_virt_addr;
import static org.xenolith.xen.abi.GrantStatus.GNTST_eagain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_general_error;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;
import static org.xenolith.xen.abi.GrantStatus.GNTST_permission_denied;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.CallerWords;
import org.xenolith.xen.abi.GnttabCacheFlush;
import org.xenolith.xen.abi.GnttabGetStatusFrames;
import org.xenolith.xen.abi.GnttabGetVersion;
import org.xenolith.xen.abi.GnttabQuerySize;
import org.xenolith.xen.abi.GnttabSetVersion;
import org.xenolith.xen.abi.GnttabSetupTable;
import org.xenolith.xen.abi.GnttabSwapGrantRef;
import org.xenolith.xen.abi.GnttabTransfer;
import org.xenolith.xen.abi.GrantOp;

/** Operations on the tables themselves. */
final class TableOperations {
  private static final int VERSION = 1;
  private static final int LATEST_VERSION = 2;
  private static final int PAGE = 4096;
  private static final int PAGE_SHIFT = 12;
  /** A guest frame that there isn't. */
  private static final long NOWHERE = -1;

  private final GrantOperations operations;
  private final GrantModel grants;
  private final CallerWords words = new CallerWords();

  TableOperations(GrantOperations operations, GrantModel grants) {
    this.operations = operations;
    this.grants = grants;
  }

  /** A domain's grants for a status in the argument; null if there is something against it, see {@link #against}. */
  private DomainGrants of(Hypercall call, int domid) {
    Domain domain = operations.target(call, domid);
    return domain != null && operations.mayServe(call.domain(), domain) ? grants.of(domain) : null;
  }

  private int against(Hypercall call, int domid) {
    Domain domain = operations.target(call, domid);
    return domain == null || operations.mayServe(call.domain(), domain) ? GNTST_bad_domain : GNTST_permission_denied;
  }

  long setup(Hypercall call, GnttabSetupTable setup, Domain caller) {
    DomainGrants theirs = of(call, setup.dom());
    if (theirs == null) {
      setup.status(against(call, setup.dom()));
    } else if (Integer.compareUnsigned(setup.nrFrames(), GrantTable.MOST_FRAMES) > 0 || !theirs.table.grow(setup.nrFrames())) {
      setup.status(GNTST_general_error);
    } else {
      setup.status(listFrames(call, setup));
    }
    return 0;
  }

  /** Where a guest has put its table isn't known here; one that is auto-translated chooses that itself. */
  private int listFrames(Hypercall call, GnttabSetupTable setup) {
    int status = GNTST_okay;
    for (int i = 0; i < setup.nrFrames(); i++) {
      if (!words.write(call, setup.frameList(), i, NOWHERE)) {
        status = GNTST_bad_virt_addr;
      }
    }
    return status;
  }

  long querySize(Hypercall call, GnttabQuerySize size, Domain caller) {
    DomainGrants theirs = of(call, size.dom());
    if (theirs == null) {
      size.status(against(call, size.dom()));
    } else {
      size.nrFrames(theirs.table.frames());
      size.maxNrFrames(GrantTable.MOST_FRAMES);
      size.status(GNTST_okay);
    }
    return 0;
  }

  long setVersion(Hypercall call, GnttabSetVersion version, Domain caller) {
    int result = switch (version.version()) {
      case VERSION -> 0;
      case LATEST_VERSION -> -XEN_ENOSYS;
      default -> -XEN_EINVAL;
    };
    version.version(VERSION);
    return result;
  }

  long getVersion(Hypercall call, GnttabGetVersion version, Domain domain) {
    version.version(VERSION);
    return 0;
  }

  /** Version 1 has no status frames: none can be had. */
  long statusFrames(Hypercall call, GnttabGetStatusFrames frames, Domain caller) {
    DomainGrants theirs = of(call, frames.dom());
    frames.status(
        theirs == null ? against(call, frames.dom()) : frames.nrFrames() == 0 ? GNTST_okay : GNTST_general_error);
    return 0;
  }

  long swap(Hypercall call, GnttabSwapGrantRef swap, Domain caller) {
    DomainGrants mine = grants.of(caller);
    swap.status(mine == null ? GNTST_bad_gntref : swap(mine.table, swap.refA(), swap.refB()));
    return 0;
  }

  private static int swap(GrantTable table, int a, int b) {
    if (a < 0 || b < 0 || a >= table.entries() || b >= table.entries()) {
      return GNTST_bad_gntref;
    }
    if (a == b) {
      return GNTST_okay;
    }
    if (table.used(a) || table.used(b)) {
      return GNTST_eagain;
    }
    table.swap(a, b);
    return GNTST_okay;
  }

  /** No page is ever given away for good on Arm. */
  long transfer(Hypercall call, GnttabTransfer transfer, Domain caller) {
    boolean there = grants.p2m.translate(caller, transfer.mfn() << PAGE_SHIFT, false) != -1;
    transfer.status(there ? GNTST_general_error : GNTST_bad_page);
    return 0;
  }

  /** Caches are always coherent here: it is only checked whether the caller might. */
  long cacheFlush(Hypercall call, GnttabCacheFlush flush, Domain caller) {
    int length = flush.length();
    if (flush.offset() >= PAGE || flush.offset() + length > PAGE
        || (flush.op() & ~(GrantOp.GNTTAB_CACHE_INVAL | GrantOp.GNTTAB_CACHE_CLEAN)) != 0) {
      return -XEN_EINVAL;
    }
    if (length == 0 || flush.op() == 0) {
      return 0;
    }
    long mfn = flush.devBusAddr() >>> PAGE_SHIFT;
    int owner = grants.heap.owner(mfn);
    if (owner < 0) {
      return -XEN_EINVAL;
    }
    if (owner == 0 || owner == FrameHeap.HYPERVISOR) {
      return -XEN_EPERM;
    }
    DomainGrants theirs = grants.bySerial(owner);
    boolean mine = owner == caller.serial();
    return mine || theirs != null && theirs.table.uses(caller.serial(), mfn) ? 0 : -XEN_EINVAL;
  }
}
