// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.CallerWords;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.MemoryReservation;

/**
 * How much memory a domain has: increase_reservation, decrease_reservation, populate_physmap. They answer how many extents
 * were done; whatever is wrong ends them there, and no error is told.
 */
final class ReservationOperations {
  /** Pages after which an operation lets others have their turn. */
  private static final long SLICE = 4096;
  private static final int ADDRESS_BITS = 0xFF;
  private static final int PAGE_BITS = 12;
  private static final int NODE_SHIFT = 8;
  private static final int NODE = 0xFF;

  private final MemoryOperations operations;
  private final FrameAllocation frames;
  private final SubOperations declared;
  private final CallerWords extents = new CallerWords();

  ReservationOperations(MemoryOperations operations, FrameAllocation frames, SubOperations declared) {
    this.operations = operations;
    this.frames = frames;
    this.declared = declared;
  }

  long change(Hypercall call, MemoryReservation reservation, Domain caller) {
    int op = MemoryOperations.operation(call);
    long start = MemoryOperations.start(call);
    if (!declared.take(call, reservation)) {
      return start;
    }
    long count = reservation.nrExtents();
    if (Long.compareUnsigned(count, MemoryOperations.MOST_EXTENTS) > 0 || Long.compareUnsigned(start, count) >= 0) {
      return start;
    }
    Domain domain = operations.target(call, reservation.domid());
    int order = reservation.extentOrder();
    if (domain == null || !sensible(call.domain(), reservation.memFlags()) || !operations.mayServe(call.domain(), domain)
        || order < 0 || order > MemoryOperations.mostOrder(call.domain())) {
      return start;
    }
    if (op == MemoryOp.XENMEM_populate_physmap && (reservation.memFlags() & MemoryOp.XENMEMF_populate_on_demand) != 0) {
      // Arm has none of it.
      return start;
    }
    long list = reservation.extentStart();
    long slice = Math.max(1, SLICE >> order);
    long end = Math.min(count, start + slice);
    for (long i = start; i < end; i++) {
      if (!one(call, op, domain, list, i, order)) {
        return i;
      }
    }
    if (end < count) {
      call.argument(0, op | end << MemoryOperations.OPERATION_BITS);
      call.again();
    }
    return end;
  }

  private boolean one(Hypercall call, int op, Domain domain, long list, long index, int order) {
    if (op == MemoryOp.XENMEM_increase_reservation) {
      return frames.reserve(domain, order);
    }
    if (!extents.read(call, list, index)) {
      return false;
    }
    long gfn = extents.value();
    if (op == MemoryOp.XENMEM_populate_physmap) {
      return frames.extend(domain, gfn, order);
    }
    for (long i = 0; i < 1L << order; i++) {
      if (frames.remove(domain, gfn + i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the flags name memory and a node that there are; there is one node, and no memory that isn't reachable. */
  private static boolean sensible(Domain caller, int flags) {
    int bits = flags & ADDRESS_BITS;
    if (bits != 0 && bits <= PAGE_BITS) {
      return false;
    }
    int node = (flags >>> NODE_SHIFT & NODE) - 1;
    if ((flags & MemoryOp.XENMEMF_vnode) != 0 || node < 0) {
      return true;
    }
    return caller.privileged() ? node == 0 : (flags & MemoryOp.XENMEMF_exact_node_request) == 0;
  }
}
