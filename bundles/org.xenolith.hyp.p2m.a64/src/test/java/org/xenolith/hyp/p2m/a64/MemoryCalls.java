// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.xenolith.hyp.p2m.a64.Board.RAM_FRAME;

import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.AddToPhysmap;
import org.xenolith.xen.abi.AddToPhysmapBatch;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.MemoryReservation;
import org.xenolith.xen.abi.RemoveFromPhysmap;

/** memory_op as a domain calls it, with arguments in the first pages of its RAM. */
final class MemoryCalls {
  /** The first frame of a guest's RAM. */
  static final long GFN = 0x40000;
  /** Where a caller keeps arguments: in its first page, lists in the next ones. */
  static final int LIST = 0x1000;
  static final int SECOND_LIST = 0x4000;
  static final int THIRD_LIST = 0x8000;

  private MemoryCalls() {}

  static long base(FakeDomain domain) {
    return (domain.directMapped() ? RAM_FRAME : GFN) << 12;
  }

  static long call(FakeDomain caller, int op) {
    return caller.vcpu(0).call(HypercallNumber.__HYPERVISOR_memory_op, op, base(caller));
  }

  static void list(FakeDomain caller, int at, long... values) {
    for (int i = 0; i < values.length; i++) {
      caller.memory().write64(base(caller) + at + 8L * i, values[i]);
    }
  }

  /** Calls with a reservation whose extents are listed. */
  static long reservation(FakeDomain caller, int op, int domid, int order, int flags, long... extents) {
    list(caller, LIST, extents);
    MemoryReservation r = new MemoryReservation();
    r.at(caller.memory(), base(caller));
    r.extentStart(base(caller) + LIST);
    r.nrExtents(extents.length);
    r.extentOrder(order);
    r.memFlags(flags);
    r.domid(domid);
    return call(caller, op);
  }

  static long populate(FakeDomain caller, int domid, int order, long... extents) {
    return reservation(caller, MemoryOp.XENMEM_populate_physmap, domid, order, 0, extents);
  }

  static long decrease(FakeDomain caller, int domid, long... extents) {
    return reservation(caller, MemoryOp.XENMEM_decrease_reservation, domid, 0, 0, extents);
  }

  static long add(FakeDomain caller, int domid, int space, long index, long gfn) {
    AddToPhysmap a = new AddToPhysmap();
    a.at(caller.memory(), base(caller));
    a.domid(domid);
    a.mapSize(0);
    a.space(space);
    a.idx(index);
    a.gpfn(gfn);
    return call(caller, MemoryOp.XENMEM_add_to_physmap);
  }

  static long remove(FakeDomain caller, int domid, long gfn) {
    RemoveFromPhysmap r = new RemoveFromPhysmap();
    r.at(caller.memory(), base(caller));
    r.domid(domid);
    r.gpfn(gfn);
    return call(caller, MemoryOp.XENMEM_remove_from_physmap);
  }

  static long batch(FakeDomain caller, int domid, int space, int foreign, long[] indices, long[] gfns) {
    list(caller, LIST, indices);
    list(caller, SECOND_LIST, gfns);
    AddToPhysmapBatch b = new AddToPhysmapBatch();
    b.at(caller.memory(), base(caller));
    b.domid(domid);
    b.space(space);
    b.mapSize(indices.length);
    b.foreignDomid(foreign);
    b.idxs(base(caller) + LIST);
    b.gpfns(base(caller) + SECOND_LIST);
    b.errs(base(caller) + THIRD_LIST);
    return call(caller, MemoryOp.XENMEM_add_to_physmap_batch);
  }

  static int error(FakeDomain caller, int index) {
    return caller.memory().read32(base(caller) + THIRD_LIST + 4L * index);
  }
}
