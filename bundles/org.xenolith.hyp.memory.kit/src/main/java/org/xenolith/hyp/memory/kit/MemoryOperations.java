// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODEV;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EOPNOTSUPP;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AcquireResource;
import org.xenolith.xen.abi.AddToPhysmap;
import org.xenolith.xen.abi.AddToPhysmapBatch;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.ForeignMemoryMap;
import org.xenolith.xen.abi.MemoryAccessOp;
import org.xenolith.xen.abi.MemoryDomain;
import org.xenolith.xen.abi.MemoryExchange;
import org.xenolith.xen.abi.MemoryMap;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.MemoryReservation;
import org.xenolith.xen.abi.PodTarget;
import org.xenolith.xen.abi.RemoveFromPhysmap;
import org.xenolith.xen.abi.ReservedDeviceMemoryMap;
import org.xenolith.xen.abi.VirtualNumaInfo;

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

  final DomainMaps p2m;
  private final AccessControlPort access;
  private final FrameAllocation frames;
  private final SubOperations operations;

  MemoryOperations(DeviceContext context, DomainMaps p2m, FrameAllocation frames) {
    this.p2m = p2m;
    this.frames = frames;
    access = context.port(AccessControlPort.class);
    operations = new SubOperations(context);
    ReservationOperations reservations = new ReservationOperations(this, frames, operations);
    PhysmapOperations physmap = new PhysmapOperations(context, this);
    operations.add(
        SubOperation.of(MemoryOp.XENMEM_increase_reservation, "increase_reservation", new MemoryReservation(), reservations::change)
            .needs(Privilege.SELF).inItsTurn().takesItself(),
        SubOperation.of(MemoryOp.XENMEM_decrease_reservation, "decrease_reservation", new MemoryReservation(), reservations::change)
            .needs(Privilege.SELF).inItsTurn().takesItself(),
        SubOperation.of(MemoryOp.XENMEM_populate_physmap, "populate_physmap", new MemoryReservation(), reservations::change)
            .needs(Privilege.SELF).inItsTurn().takesItself(),
        SubOperation.of(MemoryOp.XENMEM_add_to_physmap, "add_to_physmap", new AddToPhysmap(), physmap::add)
            .unless(PhysmapOperations::tooFar).needs(Privilege.SELF).inItsTurn(),
        SubOperation.of(MemoryOp.XENMEM_add_to_physmap_batch, "add_to_physmap_batch", new AddToPhysmapBatch(), physmap::addBatch)
            .unless(PhysmapOperations::tooFar).needs(Privilege.SELF).inItsTurn(),
        SubOperation.of(MemoryOp.XENMEM_acquire_resource, "acquire_resource", new AcquireResource(), physmap::acquire)
            .needs(Privilege.CONTROL).inItsTurn(),
        SubOperation.of(MemoryOp.XENMEM_remove_from_physmap, "remove_from_physmap", new RemoveFromPhysmap(), physmap::remove)
            .unless(MemoryOperations::goesOn).target(RemoveFromPhysmap::domid).needs(Privilege.SELF),
        SubOperation.of(MemoryOp.XENMEM_maximum_ram_page, "maximum_ram_page", call -> p2m.heap.end()).unless(MemoryOperations::goesOn),
        SubOperation.of(MemoryOp.XENMEM_current_reservation, "current_reservation", new MemoryDomain(),
            (call, argument, domain) -> p2m.heap.count(domain.serial()))
            .unless(MemoryOperations::goesOn).target(MemoryDomain::domid).needs(Privilege.SELF),
        SubOperation.of(MemoryOp.XENMEM_maximum_reservation, "maximum_reservation", new MemoryDomain(),
            (call, argument, domain) -> domain.maxPages())
            .unless(MemoryOperations::goesOn).target(MemoryDomain::domid).needs(Privilege.SELF),
        SubOperation.of(MemoryOp.XENMEM_maximum_gpfn, "maximum_gpfn", new MemoryDomain(), (call, argument, domain) -> highest(domain))
            .unless(MemoryOperations::goesOn).target(MemoryDomain::domid).needs(Privilege.SELF),
        SubOperation.of(MemoryOp.XENMEM_exchange, "exchange", new MemoryExchange(), this::exchange)
            .unless(MemoryOperations::goesOn).needs(Privilege.SELF).inItsTurn(),
        SubOperation.of(MemoryOp.XENMEM_claim_pages, "claim_pages", new MemoryReservation(), this::claim)
            .unless(MemoryOperations::goesOn).needs(Privilege.CONTROL).inItsTurn(),
        SubOperation.of(MemoryOp.XENMEM_get_vnumainfo, "get_vnumainfo", new VirtualNumaInfo(), this::virtualNuma)
            .unless(MemoryOperations::goesOn).needs(Privilege.SELF).inItsTurn(),
        SubOperation.of(MemoryOp.XENMEM_reserved_device_memory_map, "reserved_device_memory_map", new ReservedDeviceMemoryMap(),
            MemoryOperations::reservedDeviceMemory).unless(MemoryOperations::goesOn).answers(),
        // Nobody listens to a domain's accesses, so that they can't be restricted.
        SubOperation.of(MemoryOp.XENMEM_access_op, "access_op", new MemoryAccessOp(), (call, access, domain) -> -XEN_ENODEV)
            .target(MemoryAccessOp::domid).needs(Privilege.CONTROL),
        // Nothing is shared between domains behind their backs.
        SubOperation.of(MemoryOp.XENMEM_get_sharing_freed_pages, "get_sharing_freed_pages", call -> 0)
            .unless(MemoryOperations::isContinued),
        SubOperation.of(MemoryOp.XENMEM_get_sharing_shared_pages, "get_sharing_shared_pages", call -> 0)
            .unless(MemoryOperations::isContinued));
    if (p2m.pc) {
      DomainMemoryMaps maps = new DomainMemoryMaps(this);
      operations.add(
          SubOperation.of(MemoryOp.XENMEM_memory_map, "memory_map", new MemoryMap(), maps::tell).unless(MemoryOperations::isContinued)
              .answers(),
          SubOperation.of(MemoryOp.XENMEM_set_memory_map, "set_memory_map", new ForeignMemoryMap(), maps::set)
              .unless(MemoryOperations::isContinued).needs(Privilege.SELF).inItsTurn(),
          SubOperation.of(MemoryOp.XENMEM_set_pod_target, "set_pod_target", new PodTarget(), this::setPopulateOnDemand)
              .unless(MemoryOperations::isContinued).target(PodTarget::domid).needs(Privilege.CONTROL).answers(),
          SubOperation.of(MemoryOp.XENMEM_get_pod_target, "get_pod_target", new PodTarget(), this::populateOnDemand)
              .unless(MemoryOperations::isContinued).target(PodTarget::domid).needs(Privilege.CONTROL).answers());
    }
    if (!context.options().flag(DomainMaps.STRICT_XEN)) {
      operations.add(
          SubOperation.of(MemoryOp.XENMEM_machine_memory_map, "machine_memory_map", new MemoryMap(), new MachineMemoryMap(context)::serve)
              .unless(this::isNotHardwares).needs(Privilege.HARDWARE).answers());
    }
  }

  @Override
  public List<SubOperation<?>> operations() {
    return operations.operations();
  }

  @Override
  public long call(Hypercall call) {
    return operations.call(call, operations.find(operation(call)));
  }

  static int operation(Hypercall call) {
    return (int) call.argument(0) & OPERATION;
  }

  /** Where a call goes on; 0 for one that begins. */
  static long start(Hypercall call) {
    return call.argument(0) >>> OPERATION_BITS;
  }

  /** Going on with what is never left unfinished. */
  private static int goesOn(Hypercall call) {
    return start(call) == 0 ? 0 : -XEN_EINVAL;
  }

  /** Going on with what Xen has in a place of its own, where nothing goes on. */
  private static int isContinued(Hypercall call) {
    return start(call) == 0 ? 0 : -XEN_ENOSYS;
  }

  /** What only the hardware domain learns, whose privilege Xen looks at before the argument. */
  private int isNotHardwares(Hypercall call) {
    int refused = isContinued(call);
    return refused != 0 || access.allowed(call.domain(), Privilege.HARDWARE, call.domain()) ? refused : -XEN_EPERM;
  }

  // ---- What all operations need

  /** The domain that a call names; null if there is none. */
  @Nullable
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

  /** Nothing is populated on demand, so that a target changes nothing: xl mem-set says it of each guest, whose balloon does the rest. */
  private long setPopulateOnDemand(Hypercall call, PodTarget target, Domain domain) {
    return Long.compareUnsigned(target.targetPages(), domain.maxPages()) > 0 ? -XEN_EINVAL : populateOnDemand(call, target, domain);
  }

  private long populateOnDemand(Hypercall call, PodTarget target, Domain domain) {
    target.totPages(p2m.heap.count(domain.serial()));
    target.podCachePages(0);
    target.podEntries(0);
    return 0;
  }

  private long highest(Domain domain) {
    DomainTables tables = p2m.tables(domain);
    return tables == null ? 0 : tables.highest.value;
  }

  /** Exchanges nothing: on Arm no page can be taken from a domain that way, which is told when all else is right. */
  private long exchange(Hypercall call, MemoryExchange exchange, Domain caller) {
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
  private long claim(Hypercall call, MemoryReservation claim, Domain caller) {
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

  private long virtualNuma(Hypercall call, VirtualNumaInfo info, Domain caller) {
    if (info.pad() != 0) {
      return -XEN_EINVAL;
    }
    Domain domain = target(call, info.domid());
    if (domain == null) {
      return -XEN_ESRCH;
    }
    return mayServe(call.domain(), domain) ? -XEN_EOPNOTSUPP : -XEN_EPERM;
  }

  /** No device needs memory that is set aside for it. */
  private static long reservedDeviceMemory(Hypercall call, ReservedDeviceMemoryMap reserved, Domain caller) {
    if ((reserved.flags() & ~MemoryOp.XENMEM_RDM_ALL) != 0) {
      return -XEN_EINVAL;
    }
    reserved.nrEntries(0);
    return 0;
  }
}
