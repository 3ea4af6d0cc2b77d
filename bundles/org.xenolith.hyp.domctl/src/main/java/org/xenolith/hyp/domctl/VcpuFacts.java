// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlGetVcpuInfo;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

/** What virtual CPUs do. */
final class VcpuFacts {
  private VcpuFacts() {}

  static List<SubOperation<?>> operations() {
    return List.of(SubOperation.of(ControlOp.XEN_DOMCTL_getvcpuinfo, "getvcpuinfo", new DomctlGetVcpuInfo(), VcpuFacts::info)
        .answers());
  }

  private static long info(Hypercall call, DomctlGetVcpuInfo info, Domain target) {
    Vcpu vcpu = target.vcpu(info.vcpu());
    if (vcpu == null) {
      return -XenErrno.XEN_EINVAL;
    }
    info.online(vcpu.online() ? 1 : 0);
    info.blocked(vcpu.blocked() ? 1 : 0);
    info.running(vcpu.runstateKind() == VcpuOp.RUNSTATE_running ? 1 : 0);
    info.cpuTime(vcpu.runstate()[VcpuOp.RUNSTATE_running]);
    info.cpu(vcpu.processor());
    return 0;
  }
}
