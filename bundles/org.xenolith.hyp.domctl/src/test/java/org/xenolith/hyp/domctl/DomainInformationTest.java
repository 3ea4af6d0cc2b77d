// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomainFlag;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlGetDomainInfo;
import org.xenolith.xen.abi.SchedOp;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

/** What domctl tells of a domain. */
class DomainInformationTest {
  private final Tools tools = new Tools();

  @Test
  void informationSaysWhatADomainIsAndDoes() {
    DomctlGetDomainInfo info = tools.argument(new DomctlGetDomainInfo());
    tools.guest.cpuTime(123);
    tools.guest.vcpu(0).runstateKind(VcpuOp.RUNSTATE_running);
    tools.guest.vcpu(1).powerOn(0, 0);
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    assertEquals(5, info.domain());
    assertEquals(5, tools.frame.domain());
    assertEquals(64, info.totPages());
    assertEquals(4096, info.maxPages());
    assertEquals(123, info.cpuTime());
    assertEquals(2, info.nrOnlineVcpus());
    assertEquals(1, info.maxVcpuId());
    assertEquals(40, info.gpaddrBits());
    assertEquals(tools.guest.sharedInfo() >>> 12, info.sharedInfoFrame());
    assertEquals(new UUID(0xFA4E, 5), DomainInfo.handle(tools.dom0.memory(), tools.at + Domctl.ARGUMENT + DomctlGetDomainInfo.HANDLE));
    assertEquals(0xFFFF_0000 | DomainFlag.XEN_DOMINF_running | DomainFlag.XEN_DOMINF_hvm_guest | DomainFlag.XEN_DOMINF_hap, info.flags());
  }

  @Test
  void stateOfADomainIsInItsFlags() {
    DomctlGetDomainInfo info = tools.argument(new DomctlGetDomainInfo());
    tools.guest.vcpu(0).block();
    tools.guest.pause();
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    assertEquals(DomainFlag.XEN_DOMINF_blocked | DomainFlag.XEN_DOMINF_paused,
        info.flags() & (DomainFlag.XEN_DOMINF_blocked | DomainFlag.XEN_DOMINF_paused | DomainFlag.XEN_DOMINF_running));
    tools.guest.shutdown(SchedOp.SHUTDOWN_crash);
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    assertEquals(DomainFlag.XEN_DOMINF_shutdown, info.flags() & DomainFlag.XEN_DOMINF_shutdown);
    assertEquals(SchedOp.SHUTDOWN_crash, info.flags() >>> DomainFlag.XEN_DOMINF_shutdownshift & DomainFlag.XEN_DOMINF_shutdownmask);
  }

  @Test
  void freeDomidStandsForTheNextDomain() {
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 1);
    assertEquals(5, tools.frame.domain());
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_getdomaininfo, 6);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_getdomaininfo, 0x7FF0);
  }
}
