// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.HvmOp;
import org.xenolith.xen.abi.HvmUpcallVector;
import org.xenolith.xen.abi.XenErrno;

/** What of hypercall hvm_op guests on x86 have for their events: HVMOP_set_evtchn_upcall_vector (Xen public header {@code hvm/hvm_op.h}). */
final class UpcallOperations {
  /** Vectors below are exceptions'. */
  private static final int FIRST_VECTOR = 16;

  private final X64Hypervisor hypervisor;
  /** For {@code HypercallsPort.add}. */
  final SubOperations operations;

  UpcallOperations(X64Hypervisor hypervisor, DeviceContext context) {
    this.hypervisor = hypervisor;
    operations = new SubOperations(context).add(SubOperation.of(HvmOp.HVMOP_set_evtchn_upcall_vector, "set_evtchn_upcall_vector",
        new HvmUpcallVector(), this::set));
  }

  private long set(Hypercall call, HvmUpcallVector upcall, Domain caller) {
    if (upcall.vector() < FIRST_VECTOR) {
      return -XenErrno.XEN_EINVAL;
    }
    X64GuestVcpu vcpu = (X64GuestVcpu) caller.vcpu(upcall.vcpu());
    if (vcpu == null) {
      return -XenErrno.XEN_ENOENT;
    }
    vcpu.upcalls.own(upcall.vector());
    hypervisor.raise(vcpu);
    return 0;
  }
}
