// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlGetVcpuInfo;
import org.xenolith.xen.abi.DomctlVcpuAffinity;
import org.xenolith.xen.abi.XenErrno;

/** What tools read and set of single vCPUs: their states and affinities. */
class VcpuControlTest {
  private final Tools tools = new Tools();

  @Test
  void vcpuSaysWhatItDoes() {
    DomctlGetVcpuInfo info = tools.argument(new DomctlGetVcpuInfo());
    info.vcpu(1);
    tools.works(ControlOp.XEN_DOMCTL_getvcpuinfo, 5);
    assertEquals(0, info.online());
    tools.guest.vcpu(0).block();
    tools.guest.vcpu(0).runstate()[0] = 77;
    info.vcpu(0);
    tools.works(ControlOp.XEN_DOMCTL_getvcpuinfo, 5);
    assertEquals(1, info.online());
    assertEquals(1, info.blocked());
    assertEquals(77, info.cpuTime());
    for (int missing : new int[] {2, -1, Integer.MAX_VALUE}) {
      info.vcpu(missing);
      tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuinfo, 5);
    }
  }

  @Test
  void affinityIsKeptAndAnswersWithWhatItComesTo() {
    DomctlVcpuAffinity affinity = tools.affinity(0x06, 0xFC);
    assertEquals(0x06, tools.dom0.memory().read64(tools.room));
    assertEquals(0x04, tools.dom0.memory().read64(tools.room + 16));
    tools.works(ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    assertEquals(0x06, tools.dom0.memory().read64(tools.room));
    assertEquals(0x0C, tools.dom0.memory().read64(tools.room + 16));
    affinity.vcpu(0);
    tools.works(ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    assertEquals(0x0F, tools.dom0.memory().read64(tools.room), "four CPUs, and zeros behind");
  }

  @Test
  void affinityWithoutACpuOrWithoutAMapIsRefused() {
    DomctlVcpuAffinity affinity = tools.argument(new DomctlVcpuAffinity());
    affinity.vcpu(0);
    affinity.flags(1);
    tools.bitmap(DomctlVcpuAffinity.CPUMAP_HARD, tools.room, 64);
    tools.dom0.memory().write64(tools.room, 0xF0);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpuaffinity, 5);
    affinity.flags(0);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    affinity.flags(1);
    tools.bitmap(DomctlVcpuAffinity.CPUMAP_HARD, 0, 64);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    tools.bitmap(DomctlVcpuAffinity.CPUMAP_HARD, 8, 64);
    tools.refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    tools.refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_DOMCTL_setvcpuaffinity, 5);
    affinity.vcpu(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
  }
}
