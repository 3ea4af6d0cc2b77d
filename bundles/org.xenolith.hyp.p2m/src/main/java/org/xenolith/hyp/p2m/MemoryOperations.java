// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m;

import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODEV;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EOPNOTSUPP;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.MemoryExchange;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.MemoryReservation;
import org.xenolith.xen.abi.ReservedDeviceMemoryMap;

/**
 * Hypercall memory_op (public header {@code memory.h}). A long operation keeps how far it has come in the bits of its first
 * argument above the operation's number, and is made again.
 */
final class MemoryOperations implements HypercallHandler {
  /** Bits of the first argument that are the operation; the rest is where to go on. */
  static final int OPERATION_BITS = 6;
  /** Largest size of a list that can be gone on with. */
  static final long MOST_EXTENTS = 0xFFFF_FFFFL >>> OPERATION_BITS;
  private static final int OPERATION = (1 << OPERATION_BITS) - 1;
  /** Orders up to which a domain may ask for neighbouring pages, as Xen's build for Arm has them. */
  private static final int GUEST_ORDER = 9;
  private static final int CONTROL_ORDER = 18;

  final P2mModel p2m;
  private final AccessControlPort access;
  private final FrameAllocation frames;
  private final ReservationOperations reservations;
  private final PhysmapOperations physmap;
  private final byte[] buffer = new byte[MemoryExchange.SIZE];
  private final AbiBytes bytes = new AbiBytes(buffer);
  private final MemoryExchange exchange = new MemoryExchange();
  private final MemoryReservation claim = new MemoryReservation();
  private final ReservedDeviceMemoryMap reserved = new ReservedDeviceMemoryMap();

  MemoryOperations(DeviceContext context, P2mModel p2m, FrameAllocation frames) {
    this.p2m = p2m;
    this.frames = frames;
    access = context.port(AccessControlPort.class);
    reservations = new ReservationOperations(this, frames);
    physmap = new PhysmapOperations(context, this);
    exchange.at(bytes, 0);
    claim.at(bytes, 0);
    reserved.at(bytes, 0);
  }

  @Override
  public long call(Hypercall call) {
    int op = (int) call.argument(0) & OPERATION;
    long start = call.argument(0) >>> OPERATION_BITS;
    return switch (op) {
      case MemoryOp.XENMEM_increase_reservation, MemoryOp.XENMEM_decrease_reservation, MemoryOp.XENMEM_populate_physmap ->
          reservations.change(call, op, start);
      case MemoryOp.XENMEM_add_to_physmap -> physmap.add(call, start);
      case MemoryOp.XENMEM_add_to_physmap_batch -> physmap.addBatch(call, start);
      case MemoryOp.XENMEM_acquire_resource -> physmap.acquire(call, start);
      case MemoryOp.XENMEM_access_op -> memoryAccess(call);
      default -> start != 0 ? later(op) : once(call, op);
    };
  }

  /** Going on with what is never left unfinished. */
  private static long later(int op) {
    return switch (op) {
      case MemoryOp.XENMEM_exchange, MemoryOp.XENMEM_maximum_ram_page, MemoryOp.XENMEM_current_reservation,
          MemoryOp.XENMEM_maximum_reservation, MemoryOp.XENMEM_maximum_gpfn, MemoryOp.XENMEM_remove_from_physmap,
          MemoryOp.XENMEM_claim_pages, MemoryOp.XENMEM_get_vnumainfo, MemoryOp.XENMEM_reserved_device_memory_map -> -XEN_EINVAL;
      default -> -XEN_ENOSYS;
    };
  }

  private long once(Hypercall call, int op) {
    return switch (op) {
      case MemoryOp.XENMEM_maximum_ram_page -> p2m.heap.end();
      case MemoryOp.XENMEM_current_reservation, MemoryOp.XENMEM_maximum_reservation, MemoryOp.XENMEM_maximum_gpfn ->
          figure(call, op);
      case MemoryOp.XENMEM_remove_from_physmap -> physmap.remove(call);
      case MemoryOp.XENMEM_exchange -> exchange(call);
      case MemoryOp.XENMEM_claim_pages -> claim(call);
      case MemoryOp.XENMEM_get_vnumainfo -> virtualNuma(call);
      case MemoryOp.XENMEM_reserved_device_memory_map -> reservedDeviceMemory(call);
      // Nothing is shared between domains behind their backs.
      case MemoryOp.XENMEM_get_sharing_freed_pages, MemoryOp.XENMEM_get_sharing_shared_pages -> 0;
      default -> -XEN_ENOSYS;
    };
  }

  // ---- What all operations need

  /** The domain that a call names; null if there is none. */
  Domain target(Hypercall call, int domid) {
    if (domid == DomainId.DOMID_SELF || domid == call.domain().id()) {
      return call.domain();
    }
    Domains core = p2m.domains.domains();
    return core == null ? null : core.byId(domid);
  }

  /** Whether a domain may change or ask for another's memory. */
  boolean mayServe(Domain caller, Domain target) {
    return access.allowed(caller, Privilege.SELF, target);
  }

  /** Whether a domain controls another one. */
  boolean mayControl(Domain caller, Domain target) {
    return access.allowed(caller, Privilege.CONTROL, target);
  }

  /** The largest order of neighbouring pages that a domain may ask for. */
  static int mostOrder(Domain caller) {
    return caller.kind() == DomainSpec.Kind.DOMU ? GUEST_ORDER : CONTROL_ORDER;
  }

  // ---- Small operations

  private long figure(Hypercall call, int op) {
    if (!call.read(call.argument(1), buffer, 0, 2)) {
      return -XEN_EFAULT;
    }
    Domain domain = target(call, bytes.read16(0) & 0xFFFF);
    if (domain == null) {
      return -XEN_ESRCH;
    }
    if (!mayServe(call.domain(), domain)) {
      return -XEN_EPERM;
    }
    if (op == MemoryOp.XENMEM_maximum_reservation) {
      return domain.maxPages();
    }
    if (op == MemoryOp.XENMEM_current_reservation) {
      return p2m.heap.count(domain.serial());
    }
    DomainTables tables = p2m.tables(domain);
    return tables == null ? 0 : tables.highest.value;
  }

  /** Exchanges nothing: on Arm no page can be taken from a domain that way, which is told when all else is right. */
  private long exchange(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, MemoryExchange.SIZE)) {
      return -XEN_EFAULT;
    }
    int inOrder = exchange.inExtentOrder();
    int outOrder = exchange.outExtentOrder();
    int most = mostOrder(call.domain());
    if (Integer.compareUnsigned(inOrder, most) > 0 || Integer.compareUnsigned(outOrder, most) > 0) {
      return -XEN_EPERM;
    }
    long inCount = exchange.inNrExtents();
    long outCount = exchange.outNrExtents();
    if (Long.compareUnsigned(exchange.nrExchanged(), inCount) > 0 || exchange.inDomid() != exchange.outDomid()
        || Long.compareUnsigned(-1L >>> inOrder, inCount) < 0 || Long.compareUnsigned(-1L >>> outOrder, outCount) < 0
        || inCount << inOrder != outCount << outOrder) {
      return -XEN_EINVAL;
    }
    if (exchange.nrExchanged() == inCount) {
      return 0;
    }
    Domain domain = target(call, exchange.inDomid());
    if (domain == null) {
      return -XEN_ESRCH;
    }
    return mayServe(call.domain(), domain) ? -XEN_EINVAL : -XEN_EPERM;
  }

  /** Says whether that much memory is free for a domain; nothing is set aside. */
  private long claim(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, MemoryReservation.SIZE)) {
      return -XEN_EFAULT;
    }
    Domains core = p2m.domains.domains();
    Domain domain = core == null ? null : core.byId(claim.domid());
    if (claim.extentStart() != 0 || claim.extentOrder() != 0 || claim.memFlags() != 0 || domain == null) {
      return -XEN_EINVAL;
    }
    if (!mayControl(call.domain(), domain)) {
      return -XEN_EPERM;
    }
    long pages = claim.nrExtents();
    long owned = p2m.heap.count(domain.serial());
    if (pages == 0) {
      return 0;
    }
    if (pages < owned || pages > domain.maxPages()) {
      return -XEN_EINVAL;
    }
    return pages - owned > p2m.heap.free() ? -XEN_ENOMEM : 0;
  }

  private long virtualNuma(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, 4)) {
      return -XEN_EFAULT;
    }
    if (bytes.read16(2) != 0) {
      return -XEN_EINVAL;
    }
    Domain domain = target(call, bytes.read16(0) & 0xFFFF);
    if (domain == null) {
      return -XEN_ESRCH;
    }
    return mayServe(call.domain(), domain) ? -XEN_EOPNOTSUPP : -XEN_EPERM;
  }

  /** No device needs memory that is set aside for it. */
  private long reservedDeviceMemory(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, ReservedDeviceMemoryMap.SIZE)) {
      return -XEN_EFAULT;
    }
    if ((reserved.flags() & ~MemoryOp.XENMEM_RDM_ALL) != 0) {
      return -XEN_EINVAL;
    }
    reserved.nrEntries(0);
    return call.write(call.argument(1), buffer, 0, ReservedDeviceMemoryMap.SIZE) ? 0 : -XEN_EFAULT;
  }

  /** Nobody listens to a domain's accesses, so that they can't be restricted. */
  private long memoryAccess(Hypercall call) {
    if (!call.read(call.argument(1), buffer, 0, 4)) {
      return -XEN_EFAULT;
    }
    Domain domain = target(call, bytes.read16(2) & 0xFFFF);
    if (domain == null) {
      return -XEN_ESRCH;
    }
    return mayControl(call.domain(), domain) ? -XEN_ENODEV : -XEN_EPERM;
  }
}
