// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import static org.xenolith.xen.abi.XenErrno.XEN_EACCES;
import static org.xenolith.xen.abi.XenErrno.XEN_EBUSY;
import static org.xenolith.xen.abi.XenErrno.XEN_EDOM;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EILSEQ;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_EIO;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODEV;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOENT;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EOPNOTSUPP;
import static org.xenolith.xen.abi.XenErrno.XEN_EOVERFLOW;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import org.xenolith.hyp.api.DeviceMapping;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.kit.CallerWords;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.AcquireResource;
import org.xenolith.xen.abi.AddToPhysmap;
import org.xenolith.xen.abi.AddToPhysmapBatch;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.RemoveFromPhysmap;

/** What is where in a domain's memory: add_to_physmap, its batch, remove_from_physmap, acquire_resource. */
final class PhysmapOperations {
  /** Entries after which an operation lets others have their turn. */
  private static final int SLICE = 256;
  private static final long NOWHERE = -1;
  private static final int MOST_SIZE = 0xFFFF;
  private static final int PLACE_OF_SHARED_INFO = 0;
  private static final int PLACE_OF_GRANTS = 1;

  private final MemoryOperations operations;
  private final DomainMaps p2m;
  private final GrantsPort grants;
  private final VirtualPciPort vpci;
  private final boolean strictXen;
  private final CallerWords words = new CallerWords();
  private final byte[] item = new byte[4];
  private final AbiBytes itemBytes = new AbiBytes(item);

  PhysmapOperations(DeviceContext context, MemoryOperations operations) {
    this.operations = operations;
    p2m = operations.p2m;
    grants = context.port(GrantsPort.class);
    vpci = context.port(VirtualPciPort.class);
    strictXen = context.options().flag(DomainMaps.STRICT_XEN);
  }

  static int tooFar(Hypercall call) {
    return Long.compareUnsigned(MemoryOperations.start(call), MOST_SIZE) > 0 ? -XEN_EDOM : 0;
  }

  long add(Hypercall call, AddToPhysmap single, Domain caller) {
    int space = single.space();
    if (space == MemoryOp.XENMAPSPACE_gmfn_foreign) {
      // There is no place for whose it is; the batch has one.
      return -XEN_ENOSYS;
    }
    Domain domain = operations.target(call, single.domid());
    int refused = refused(call.domain(), domain, space);
    if (refused != 0) {
      return refused;
    }
    if (single.gpfn() == NOWHERE) {
      return -XEN_EINVAL;
    }
    return space == MemoryOp.XENMAPSPACE_gmfn_range ? range(single, MemoryOperations.start(call))
        : place(call, domain, space, single.idx(), single.gpfn(), -1);
  }

  /** A domain's own frames can't be moved on Arm: the first one ends it. */
  private static long range(AddToPhysmap single, long start) {
    int size = single.mapSize();
    if (size < start) {
      return -XEN_EILSEQ;
    }
    if (Long.compareUnsigned(single.gpfn() + size, single.gpfn()) < 0
        || Long.compareUnsigned(single.idx() + size, single.idx()) < 0) {
      return -XEN_EOVERFLOW;
    }
    return size == start ? 0 : -XEN_ENOSYS;
  }

  private int refused(Domain caller, Domain domain, int space) {
    if (domain == null) {
      return -XEN_ESRCH;
    }
    if (space == MemoryOp.XENMAPSPACE_dev_mmio && (domain.kind() != DomainSpec.Kind.DOM0 || domain != caller)) {
      return -XEN_EACCES;
    }
    return operations.mayServe(caller, domain) ? 0 : -XEN_EPERM;
  }

  long addBatch(Hypercall call, AddToPhysmapBatch batch, Domain caller) {
    long start = MemoryOperations.start(call);
    int space = batch.space();
    if (space == MemoryOp.XENMAPSPACE_gmfn_range) {
      return -XEN_EOPNOTSUPP;
    }
    Domain domain = operations.target(call, batch.domid());
    int refused = refused(call.domain(), domain, space);
    if (refused != 0) {
      return refused;
    }
    int size = batch.mapSize();
    if (size <= start) {
      return size < start || start != 0 ? -XEN_EILSEQ : 0;
    }
    if (space == MemoryOp.XENMAPSPACE_dev_mmio && batch.foreignDomid() != 0) {
      return -XEN_EOPNOTSUPP;
    }
    long end = Math.min(size, start + SLICE);
    for (long i = start; i < end; i++) {
      if (!words.read(call, batch.idxs(), i)) {
        return -XEN_EFAULT;
      }
      long index = words.value();
      if (!words.read(call, batch.gpfns(), i)) {
        return -XEN_EFAULT;
      }
      long gfn = words.value();
      if (gfn == NOWHERE) {
        return -XEN_EINVAL;
      }
      itemBytes.write32(0, place(call, domain, space, index, gfn, batch.foreignDomid()));
      if (!call.write(batch.errs() + 4 * i, item, 0, 4)) {
        return -XEN_EFAULT;
      }
    }
    return end < size ? goOn(call, MemoryOp.XENMEM_add_to_physmap_batch, end) : 0;
  }

  private static long goOn(Hypercall call, int op, long next) {
    call.argument(0, op | next << MemoryOperations.OPERATION_BITS);
    call.again();
    return 0;
  }

  private int place(Hypercall call, Domain domain, int space, long index, long gfn, int foreign) {
    return switch (space) {
      case MemoryOp.XENMAPSPACE_shared_info -> index != 0 ? -XEN_EINVAL : sharedInfo(domain, gfn);
      case MemoryOp.XENMAPSPACE_grant_table -> grantTable(domain, index, gfn);
      case MemoryOp.XENMAPSPACE_gmfn_foreign -> foreign(call, domain, index, gfn, foreign);
      case MemoryOp.XENMAPSPACE_dev_mmio -> device(domain, index, gfn);
      default -> -XEN_ENOSYS;
    };
  }

  /**
   * The page is moved to its new place. Xen does without a word up to 4.16; Xen 4.17 has the caller take it away from its old one first, which
   * edk2's XenBusDxe never does, so that the kernel that it starts gives up (xen-devel, October 2023, "Issue with shared information page on
   * Xen/ARM 4.17").
   */
  private int sharedInfo(Domain domain, long gfn) {
    DomainTables tables = p2m.tables(domain);
    long old = tables == null || strictXen && !p2m.pc ? 0 : tables.placed[PLACE_OF_SHARED_INFO];
    if (old != 0) {
      if (old == gfn + 1) {
        return 0;
      }
      int result = p2m.unmap(domain, old - 1, 1);
      if (result != 0) {
        return result;
      }
    }
    return show(domain, gfn, domain.sharedInfo() >>> 12, PLACE_OF_SHARED_INFO);
  }

  /** Shows a page of the hypervisor's: at one place at a time. On x86 it leaves the place where it was. */
  private int show(Domain domain, long gfn, long mfn, int place) {
    DomainTables tables = p2m.tables(domain);
    if (tables == null) {
      return -XEN_ENOMEM;
    }
    long old = tables.placed[place];
    if (old != 0 && !p2m.pc) {
      return -XEN_EBUSY;
    }
    if (old == gfn + 1) {
      return 0;
    }
    int result = old == 0 ? 0 : p2m.unmap(domain, old - 1, 1);
    if (result == 0) {
      result = p2m.map(domain, gfn, mfn, 1, PageType.RAM);
    }
    if (result == 0) {
      tables.placed[place] = gfn + 1;
    }
    return result;
  }

  private int grantTable(Domain domain, long index, long gfn) {
    if (!grants.present()) {
      return -XEN_ENOSYS;
    }
    long most = Math.min(grants.limit(domain), DomainTables.PLACES - PLACE_OF_GRANTS);
    long mfn = index >= 0 && index < most ? grants.frame(domain, (int) index) : -1;
    return mfn < 0 ? -XEN_EINVAL : show(domain, gfn, mfn, PLACE_OF_GRANTS + (int) index);
  }

  /** A page of the domain that the batch names. */
  private int foreign(Hypercall call, Domain domain, long index, long gfn, int domid) {
    Domain other = operations.target(call, domid);
    if (other == null) {
      return -XEN_ESRCH;
    }
    if (other == domain) {
      return -XEN_EINVAL;
    }
    if (!operations.mayServe(domain, other)) {
      return -XEN_EPERM;
    }
    long page = p2m.descriptor(other, index);
    return p2m.format.type(page) != PageType.RAM ? -XEN_EINVAL
        : p2m.map(domain, gfn, TableFormat.frame(page), 1, PageType.FOREIGN);
  }

  /**
   * A window of hardware that the domain is permitted is shown where it asks for it; one that it isn't is silently left out, as in Xen.
   * What is behind host bridges is virtual PCI's.
   */
  private int device(Domain domain, long mfn, long gfn) {
    int answer = vpci.request(domain, mfn, gfn);
    if (answer != -XEN_ENODEV) {
      return answer != 0 ? answer : p2m.map(domain, gfn, mfn, 1, PageType.DEVICE);
    }
    return p2m.mapsDevices(domain, DeviceMapping.REQUEST) && p2m.isPermittedDevice(domain, mfn)
        ? p2m.map(domain, gfn, mfn, 1, PageType.DEVICE) : 0;
  }

  long remove(Hypercall call, RemoveFromPhysmap removal, Domain domain) {
    PageType type = p2m.type(domain, removal.gpfn());
    boolean its = TableFormat.isRam(type) || type == PageType.FOREIGN
        || type == PageType.DEVICE && vpci.requested(domain, removal.gpfn());
    return its ? p2m.unmap(domain, removal.gpfn(), 1) : -XEN_ENOENT;
  }

  /** Frames of another domain's grant table, at guest frames that the caller lists. */
  long acquire(Hypercall call, AcquireResource resource, Domain caller) {
    long start = MemoryOperations.start(call);
    long first = resource.frame();
    long count = resource.nrFrames() & 0xFFFF_FFFFL;
    if (resource.pad() != 0 || first >>> 32 != 0 || first + count >>> 32 != 0) {
      return -XEN_EINVAL;
    }
    Domain other = operations.target(call, resource.domid());
    if (other == null) {
      return -XEN_ESRCH;
    }
    if (other == call.domain() || !operations.mayControl(call.domain(), other)) {
      return -XEN_EPERM;
    }
    boolean known = resource.type() == MemoryOp.XENMEM_resource_grant_table
        && resource.id() == MemoryOp.XENMEM_resource_grant_table_id_shared;
    if (!known) {
      return resource.type() <= MemoryOp.XENMEM_resource_vmtrace_buf ? -XEN_EINVAL : -XEN_EOPNOTSUPP;
    }
    if (resource.frameList() == 0) {
      if (count != 0 || start != 0) {
        return -XEN_EINVAL;
      }
      itemBytes.write32(0, grants.limit(other));
      return call.write(call.argument(1) + AcquireResource.NR_FRAMES, item, 0, 4) ? 0 : -XEN_EFAULT;
    }
    if (Long.compareUnsigned(start, count) >= 0 || count > MemoryOperations.MOST_EXTENTS) {
      return -XEN_EINVAL;
    }
    if (!grants.present()) {
      return -XEN_ENOSYS;
    }
    if (first + count > grants.limit(other)) {
      return -XEN_EINVAL;
    }
    long end = Math.min(count, start + SLICE);
    for (long i = start; i < end; i++) {
      int result = acquireOne(call, other, first + i, resource.frameList(), i);
      if (result != 0) {
        return i == start || result == -XEN_EFAULT ? result : -XEN_EIO;
      }
    }
    return end < count ? goOn(call, MemoryOp.XENMEM_acquire_resource, end) : 0;
  }

  private int acquireOne(Hypercall call, Domain other, long index, long list, long listed) {
    long mfn = grants.frame(other, (int) index);
    if (mfn < 0 || p2m.heap.owner(mfn) != FrameHeap.HYPERVISOR) {
      return -XEN_EINVAL;
    }
    if (!words.read(call, list, listed)) {
      return -XEN_EFAULT;
    }
    return p2m.map(call.domain(), words.value(), mfn, 1, PageType.FOREIGN);
  }
}
