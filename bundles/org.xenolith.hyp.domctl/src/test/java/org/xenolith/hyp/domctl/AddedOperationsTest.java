// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlTscInfo;
import org.xenolith.xen.abi.XenErrno;

/** What other subsystems add to domctl. */
class AddedOperationsTest {
  private final Tools tools = new Tools();

  /** Whoever serves domctl finds the domain and looks at the privilege; its own operations come first. */
  @Test
  void operationsOfOthersAreServedInTheFrame() {
    tools.hypervisor.port(ControlOperationsPort.class).claim(36, tools.hypervisor.context("other"), List.of(SubOperation.of(
        ControlOp.XEN_DOMCTL_gettscinfo, "gettscinfo", new DomctlTscInfo(), (call, info, target) -> {
          info.gtscKhz(target.id() + info.incarnation());
          return 0;
        }).answers(), SubOperation.of(ControlOp.XEN_DOMCTL_pausedomain, "pausedomain", (call, none, target) -> -77)));
    DomctlTscInfo info = tools.argument(new DomctlTscInfo());
    info.incarnation(100);
    tools.works(ControlOp.XEN_DOMCTL_gettscinfo, 5);
    assertEquals(105, info.gtscKhz());
    tools.works(ControlOp.XEN_DOMCTL_pausedomain, 5);
    tools.refuses(XenErrno.XEN_ESRCH, ControlOp.XEN_DOMCTL_gettscinfo, 9);
    assertEquals(-XenErrno.XEN_EPERM, tools.call(tools.guest.vcpu(0), ControlOp.XEN_DOMCTL_gettscinfo, 0));
  }
}
