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
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.GnttabCacheFlush;
import org.xenolith.xen.abi.GnttabGetVersion;
import org.xenolith.xen.abi.GnttabQuerySize;
import org.xenolith.xen.abi.GnttabSetVersion;
import org.xenolith.xen.abi.GnttabSetupTable;
import org.xenolith.xen.abi.GnttabSwapGrantRef;
import org.xenolith.xen.abi.GrantOp;

/** Operations on the tables themselves. */
final class TableOperations {
  /** Offset of the status in {@code struct gnttab_transfer}. */
  static final int TRANSFER_STATUS = 16;
  private static final int VERSION = 1;
  private static final int LATEST_VERSION = 2;
  private static final int PAGE = 4096;
  private static final int PAGE_SHIFT = 12;
  /** A guest frame that there isn't. */
  private static final long NOWHERE = -1;

  private final GrantOperations operations;
  private final GrantModel grants;
  private final byte[] buffer;
  private final AbiBytes bytes;
  private final byte[] item = new byte[8];
  private final GnttabSetupTable setup = new GnttabSetupTable();
  private final GnttabQuerySize size = new GnttabQuerySize();
  private final GnttabSetVersion version = new GnttabSetVersion();
  private final GnttabGetVersion versionOf = new GnttabGetVersion();
  private final GnttabSwapGrantRef swap = new GnttabSwapGrantRef();
  private final GnttabCacheFlush flush = new GnttabCacheFlush();

  TableOperations(GrantOperations operations, GrantModel grants, byte[] buffer) {
    this.operations = operations;
    this.grants = grants;
    this.buffer = buffer;
    bytes = new AbiBytes(buffer);
    setup.at(bytes, 0);
    size.at(bytes, 0);
    version.at(bytes, 0);
    versionOf.at(bytes, 0);
    swap.at(bytes, 0);
    flush.at(bytes, 0);
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

  int setup(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, GnttabSetupTable.SIZE)) {
      return -XEN_EFAULT;
    }
    DomainGrants theirs = of(call, setup.dom());
    if (theirs == null) {
      setup.status(against(call, setup.dom()));
    } else if (Integer.compareUnsigned(setup.nrFrames(), GrantTable.MOST_FRAMES) > 0 || !theirs.table.grow(setup.nrFrames())) {
      setup.status(GNTST_general_error);
    } else {
      setup.status(listFrames(call));
    }
    return call.write(call.argument(1) + GnttabSetupTable.STATUS, buffer, GnttabSetupTable.STATUS, 2) ? 0 : -XEN_EFAULT;
  }

  /** Where a guest has put its table isn't known here; one that is auto-translated chooses that itself. */
  private int listFrames(Hypercall call) {
    new AbiBytes(item).write64(0, NOWHERE);
    int status = GNTST_okay;
    for (int i = 0; i < setup.nrFrames(); i++) {
      if (!call.write(setup.frameList() + 8L * i, item, 0, 8)) {
        status = GNTST_bad_virt_addr;
      }
    }
    return status;
  }

  int querySize(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, GnttabQuerySize.SIZE)) {
      return -XEN_EFAULT;
    }
    DomainGrants theirs = of(call, size.dom());
    if (theirs == null) {
      size.status(against(call, size.dom()));
    } else {
      size.nrFrames(theirs.table.frames());
      size.maxNrFrames(GrantTable.MOST_FRAMES);
      size.status(GNTST_okay);
    }
    return call.write(call.argument(1), buffer, 0, GnttabQuerySize.SIZE) ? 0 : -XEN_EFAULT;
  }

  int setVersion(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, GnttabSetVersion.SIZE)) {
      return -XEN_EFAULT;
    }
    int result = switch (version.version()) {
      case VERSION -> 0;
      case LATEST_VERSION -> -XEN_ENOSYS;
      default -> -XEN_EINVAL;
    };
    version.version(VERSION);
    return call.write(call.argument(1), buffer, 0, GnttabSetVersion.SIZE) ? result : -XEN_EFAULT;
  }

  int getVersion(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, GnttabGetVersion.SIZE)) {
      return -XEN_EFAULT;
    }
    Domain domain = operations.target(call, versionOf.dom());
    if (domain == null) {
      return -XEN_ESRCH;
    }
    if (!operations.mayServe(call.domain(), domain)) {
      return -XEN_EPERM;
    }
    versionOf.version(VERSION);
    return call.write(call.argument(1) + GnttabGetVersion.VERSION, buffer, GnttabGetVersion.VERSION, 4) ? 0 : -XEN_EFAULT;
  }

  /** Version 1 has no status frames: none can be had. The structure is that of setup_table but for the status. */
  int statusFrames(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, GnttabSetupTable.SIZE)) {
      return -XEN_EFAULT;
    }
    int count = bytes.read32(0);
    int domid = bytes.read16(4) & 0xFFFF;
    DomainGrants theirs = of(call, domid);
    int status = theirs == null ? against(call, domid) : count == 0 ? GNTST_okay : GNTST_general_error;
    bytes.write16(6, (short) status);
    return call.write(call.argument(1) + 6, buffer, 6, 2) ? 0 : -XEN_EFAULT;
  }

  int swap(Hypercall call) {
    DomainGrants mine = grants.of(call.domain());
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
  int transfer(Hypercall call) {
    boolean there = grants.p2m.translate(call.domain(), bytes.read64(0) << PAGE_SHIFT, false) != -1;
    bytes.write16(TRANSFER_STATUS, (short) (there ? GNTST_general_error : GNTST_bad_page));
    return 0;
  }

  /** Caches are always coherent here: it is only checked whether the caller might. */
  int cacheFlush(Hypercall call) {
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
    boolean mine = owner == call.domain().serial();
    return mine || theirs != null && theirs.table.uses(call.domain().serial(), mfn) ? 0 : -XEN_EINVAL;
  }
}
