// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.DomainMemory;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.VcpuHvmContext;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

/** What of hypercall vcpu_op guests on x86 have and those on Arm haven't, whose virtual CPUs start and stop by firmware (Xen public header {@code vcpu.h}). */
final class VcpuOperations {
  private static final int POWER_OFF = 0;
  private static final int PAGE_DIRECTORY_POINTERS = 4;

  private final byte[] bytes = new byte[VcpuHvmContext.SIZE];
  private final VcpuContext registers;
  /** For {@code HypercallsPort.add}. */
  final SubOperations operations;

  VcpuOperations(DeviceContext context, long cr4Bits) {
    registers = new VcpuContext(bytes, cr4Bits);
    operations = new SubOperations(context, 2, -XenErrno.XEN_ENOSYS).add(
        SubOperation.of(VcpuOp.VCPUOP_initialise, "initialise", this::initialise).unless(VcpuOperations::unfit),
        SubOperation.of(VcpuOp.VCPUOP_up, "up", VcpuOperations::up).unless(VcpuOperations::absent),
        SubOperation.of(VcpuOp.VCPUOP_down, "down", VcpuOperations::down).unless(VcpuOperations::absent),
        SubOperation.of(VcpuOp.VCPUOP_is_up, "is_up", call -> vcpu(call).online() ? 1 : 0).unless(VcpuOperations::absent),
        // Only of a hardware domain whose virtual CPUs are pinned it is known where they run.
        SubOperation.of(VcpuOp.VCPUOP_get_physid, "get_physid", call -> -XenErrno.XEN_EINVAL).unless(VcpuOperations::absent));
  }

  private static X64GuestVcpu vcpu(Hypercall call) {
    return (X64GuestVcpu) call.domain().vcpu((int) call.argument(1));
  }

  private static int absent(Hypercall call) {
    return vcpu(call) == null ? -XenErrno.XEN_ENOENT : 0;
  }

  /** A virtual CPU that has nowhere to be told of events can't be started. */
  private static int unfit(Hypercall call) {
    int absent = absent(call);
    return absent != 0 || vcpu(call).info() != 0 ? absent : -XenErrno.XEN_EINVAL;
  }

  private long initialise(Hypercall call) {
    X64GuestVcpu vcpu = vcpu(call);
    if (!call.read(call.argument(2), bytes, 0, bytes.length)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (vcpu.initialised()) {
      return -XenErrno.XEN_EEXIST;
    }
    int refused = registers.give(vcpu.blank());
    if (refused == 0) {
      pointers(vcpu, call.domain().memory());
      vcpu.initialised(true);
    }
    return refused;
  }

  /** What a CPU loads by MOV to CR3 when paging has entries of 64 bits and it isn't in long mode (Intel SDM volume 3, 5.4.1). */
  static void pointers(X64GuestVcpu vcpu, DomainMemory memory) {
    long at = vcpu.registers.pointersAt();
    for (int i = 0; at >= 0 && i < PAGE_DIRECTORY_POINTERS; i++) {
      vcpu.registers.pointer(i, memory.read64(at + 8L * i));
    }
  }

  private static long up(Hypercall call) {
    X64GuestVcpu vcpu = vcpu(call);
    if (!vcpu.initialised()) {
      return -XenErrno.XEN_EINVAL;
    }
    vcpu.up();
    return 0;
  }

  /** The last one that goes down powers the domain off. */
  private static long down(Hypercall call) {
    X64GuestVcpu vcpu = vcpu(call);
    if (call.domain().vcpus().stream().noneMatch(other -> other != vcpu && other.online())) {
      call.domain().shutdown(POWER_OFF);
    } else {
      vcpu.powerOff();
    }
    return 0;
  }
}
