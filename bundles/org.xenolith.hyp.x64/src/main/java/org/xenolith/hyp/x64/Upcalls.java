// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.X64VcpuInfo;

/** How one virtual CPU is called up for events: by a vector of its domain, without its local interrupt controller, as long as evtchn_upcall_pending is set (Xen public header {@code hvm/params.h}). */
final class Upcalls {
  private static final int TYPE_SHIFT = 56;
  private static final int BY_VECTOR = 2;

  private final X64GuestVcpu vcpu;
  private final MachineMemory memory;

  Upcalls(X64Hypervisor hypervisor, X64GuestVcpu vcpu) {
    this.vcpu = vcpu;
    memory = new MachineMemory(hypervisor.context.memory().physical());
  }

  /** The vector of its domain; 0 if that isn't how it is called up. */
  int vector() {
    long how = vcpu.domain().parameter(HvmParam.HVM_PARAM_CALLBACK_IRQ);
    return how >>> TYPE_SHIFT == BY_VECTOR ? (int) how & 0xFF : 0;
  }

  /** Clears evtchn_upcall_mask. */
  void unmask() {
    long info = vcpu.info();
    if (info != 0) {
      memory.write8(info + X64VcpuInfo.EVTCHN_UPCALL_MASK, (byte) 0);
    }
  }

  /** Whether it is to be called up by that vector. */
  boolean pending() {
    long info = vcpu.info();
    return info != 0 && vector() != 0 && (memory.read8(info + X64VcpuInfo.EVTCHN_UPCALL_PENDING) & 1) != 0;
  }
}
