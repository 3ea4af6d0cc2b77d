// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.HvmOp;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;

/** Hypercalls of drivers for Xen, each with its argument at a place of the guest's memory of {@link #ROOM} bytes (Xen, public headers). */
public final class XenCalls {
  /** Bytes of the largest argument, and so that arguments may lie one behind the other. */
  public static final int ROOM = 32;
  private static final int PAGE_SHIFT = 12;

  private XenCalls() {}

  /** HVMOP_get_param: {@link #parameter(EfiRam, long)} is its value ({@code hvm/hvm_op.h}). */
  public static EfiAccess getParameter(EfiRam memory, long at, int index) {
    memory.put64(at, DomainId.DOMID_SELF);
    memory.put32(at + 4, index);
    return EfiAccess.hypercall(HypercallNumber.__HYPERVISOR_hvm_op, HvmOp.HVMOP_get_param, at);
  }

  /** The value that {@link #getParameter} brought. */
  public static long parameter(EfiRam memory, long at) {
    return memory.get64(at + 8);
  }

  /** EVTCHNOP_send ({@code event_channel.h}). */
  public static EfiAccess send(EfiRam memory, long at, long port) {
    memory.put32(at, port);
    return EfiAccess.hypercall(HypercallNumber.__HYPERVISOR_event_channel_op, EventChannelOp.EVTCHNOP_send, at);
  }

  /** EVTCHNOP_alloc_unbound, for a domain to bind: {@link #port} is the port. */
  public static EfiAccess open(EfiRam memory, long at, long domain) {
    memory.put16(at, DomainId.DOMID_SELF);
    memory.put16(at + 2, domain);
    return EfiAccess.hypercall(HypercallNumber.__HYPERVISOR_event_channel_op, EventChannelOp.EVTCHNOP_alloc_unbound, at);
  }

  /** The port that {@link #open} brought. */
  public static long port(EfiRam memory, long at) {
    return memory.get32(at + 4);
  }

  /** EVTCHNOP_close. */
  public static EfiAccess close(EfiRam memory, long at, long port) {
    memory.put32(at, port);
    return EfiAccess.hypercall(HypercallNumber.__HYPERVISOR_event_channel_op, EventChannelOp.EVTCHNOP_close, at);
  }

  /** XENMEM_add_to_physmap of a frame of the grant table ({@code memory.h}). */
  public static EfiAccess mapGrantFrame(EfiRam memory, long at, long index, long address) {
    return map(memory, at, MemoryOp.XENMAPSPACE_grant_table, index, address);
  }

  /** XENMEM_add_to_physmap of the page with shared information, in the place of what is there. */
  public static EfiAccess mapSharedInfo(EfiRam memory, long at, long address) {
    return map(memory, at, MemoryOp.XENMAPSPACE_shared_info, 0, address);
  }

  private static EfiAccess map(EfiRam memory, long at, int space, long index, long address) {
    memory.put16(at, DomainId.DOMID_SELF);
    memory.put16(at + 2, 0);
    memory.put32(at + 4, space);
    memory.put64(at + 8, index);
    memory.put64(at + 16, address >>> PAGE_SHIFT);
    return EfiAccess.hypercall(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_add_to_physmap, at);
  }

  /** XENMEM_remove_from_physmap. */
  public static EfiAccess unmap(EfiRam memory, long at, long address) {
    memory.put64(at, DomainId.DOMID_SELF);
    memory.put64(at + 8, address >>> PAGE_SHIFT);
    return EfiAccess.hypercall(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_remove_from_physmap, at);
  }
}
