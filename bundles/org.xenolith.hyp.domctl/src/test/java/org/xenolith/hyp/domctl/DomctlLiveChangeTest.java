// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlPagingMempool;
import org.xenolith.xen.abi.XenErrno;

/** What tools set outlives a replacement of domctl, and its removal as far as the domains do. */
class DomctlLiveChangeTest {
  private final Tools tools = new Tools();

  @Test
  void handOverKeepsWhatToolsSet() {
    tools.argument(new DomctlPagingMempool()).poolSize(0x5000);
    tools.works(ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    tools.affinity(0x06, 0xFC);
    var before = tools.hypervisor.context("domctl");
    var model = tools.hypervisor.replace("domctl", new DomctlComponent());
    assertNotEquals(before, tools.hypervisor.context("domctl"));
    assertEquals(tools.model.state().save(), model.state().save());
    tools.dom0.memory().write64(tools.room, 0);
    tools.works(ControlOp.XEN_DOMCTL_getvcpuaffinity, 5);
    assertEquals(0x06, tools.dom0.memory().read64(tools.room));
    assertEquals(0x0C, tools.dom0.memory().read64(tools.room + 16));
    tools.works(ControlOp.XEN_DOMCTL_get_paging_mempool_size, 5);
    assertEquals(0x5000, tools.argument(new DomctlPagingMempool()).poolSize());
  }

  @Test
  void removedItIsNotThereAndBackItKnowsOnlyWhoIsLeft() {
    tools.argument(new DomctlPagingMempool()).poolSize(0x5000);
    tools.works(ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    var record = tools.hypervisor.remove("domctl");
    tools.refuses(XenErrno.XEN_ENOSYS, ControlOp.XEN_DOMCTL_getdomaininfo, 5);
    tools.hypervisor.destroy(tools.guest);
    var model = tools.hypervisor.bringBack("domctl", new DomctlComponent(), record);
    assertEquals(new Tools().model.state().save(), model.state().save());
    tools.works(ControlOp.XEN_DOMCTL_getdomaininfo, 0);
  }
}
