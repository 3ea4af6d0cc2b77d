// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.X64VcpuInfo;

/**
 * How one virtual CPU is called up for events (Xen public headers {@code hvm/params.h}, {@code hvm/hvm_op.h}): by a vector of its domain, without its local interrupt controller, as long as
 * evtchn_upcall_pending is set; or by one of its own, as an edge at its local interrupt controller. Both may be.
 */
final class Upcalls {
  private static final int TYPE_SHIFT = 56;
  private static final int BY_VECTOR = 2;

  private final X64GuestVcpu vcpu;
  private final MachineMemory memory;
  /** The domain's vector that was told last. */
  private int shared;
  private final LongCell own;

  Upcalls(X64Hypervisor hypervisor, X64GuestVcpu vcpu, DeviceState state) {
    this.vcpu = vcpu;
    memory = new MachineMemory(hypervisor.context.memory().physical());
    // Asked for where it is saved, so that a record doesn't tell whether somebody had asked before.
    state.value("callback-vector", 0, this::vector, value -> shared = (int) value);
    own = state.cell("upcall-vector", 0);
    state.added("callback-vector");
    state.added("upcall-vector");
  }

  /**
   * The vector of its domain; 0 if there is none. A line of an I/O interrupt controller or of a PCI function, which such guests haven't, changes nothing, as in Xen, but the parameter: a vector that was told
   * before goes on.
   */
  int vector() {
    long how = vcpu.domain().parameter(HvmParam.HVM_PARAM_CALLBACK_IRQ);
    if (how >>> TYPE_SHIFT == BY_VECTOR) {
      shared = (int) how & 0xFF;
    }
    return shared;
  }

  /** The vector of its own; 0 if there is none. */
  int own() {
    return (int) own.value;
  }

  /** Sets the vector of its own. */
  void own(int vector) {
    own.value = vector;
  }

  /** Clears evtchn_upcall_mask. */
  void unmask() {
    long info = vcpu.info();
    if (info != 0) {
      memory.write8(info + X64VcpuInfo.EVTCHN_UPCALL_MASK, (byte) 0);
    }
  }

  /** Whether it is to be called up by the domain's vector. */
  boolean pending() {
    long info = vcpu.info();
    return info != 0 && vector() != 0 && (memory.read8(info + X64VcpuInfo.EVTCHN_UPCALL_PENDING) & 1) != 0;
  }
}
