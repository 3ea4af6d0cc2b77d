// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlAddressSize;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlCacheFlush;
import org.xenolith.xen.abi.DomctlMaxMem;
import org.xenolith.xen.abi.DomctlPagingMempool;
import org.xenolith.xen.abi.DomctlSchedulerOp;
import org.xenolith.xen.abi.DomctlSetDomainHandle;
import org.xenolith.xen.abi.DomctlSetTimeOffset;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.XenErrno;

/** What tools set of a whole domain. */
class DomainSettingsTest {
  private final Tools tools = new Tools();

  @Test
  void limitHandleAndPoolAreKept() {
    tools.argument(new DomctlMaxMem()).maxMemkb(1024 + 3);
    tools.works(ControlOp.XEN_DOMCTL_max_mem, 5);
    assertEquals(256, tools.guest.maxPages());
    UUID handle = new UUID(1, 2);
    DomainInfo.handle(handle, tools.dom0.memory(), tools.at + Domctl.ARGUMENT + DomctlSetDomainHandle.HANDLE);
    tools.works(ControlOp.XEN_DOMCTL_setdomainhandle, 5);
    assertEquals(handle, tools.guest.handle());
    tools.argument(new DomctlPagingMempool()).poolSize(0x3000);
    tools.works(ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    tools.argument(new DomctlPagingMempool()).poolSize(0x3001);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_set_paging_mempool_size, 5);
    tools.works(ControlOp.XEN_DOMCTL_get_paging_mempool_size, 5);
    assertEquals(0x3000, tools.argument(new DomctlPagingMempool()).poolSize());
  }

  @Test
  void timeOffsetMovesTheWallClockByTheDifference() {
    SharedInfo shared = new SharedInfo();
    shared.at(tools.hypervisor.memory(), tools.guest.sharedInfo());
    shared.wcSec(0xFFFF_FFFF);
    tools.argument(new DomctlSetTimeOffset()).timeOffsetSeconds(3);
    tools.works(ControlOp.XEN_DOMCTL_settimeoffset, 5);
    assertEquals(2, shared.wcSec());
    assertEquals(1, shared.wcSecHi());
    assertEquals(0, shared.wcVersion() & 1);
    assertNotEquals(0, shared.wcVersion());
    tools.argument(new DomctlSetTimeOffset()).timeOffsetSeconds(1);
    tools.works(ControlOp.XEN_DOMCTL_settimeoffset, 5);
    assertEquals(0, shared.wcSec());
  }

  @Test
  void addressSizeIsFixedOnceThereIsMemory() {
    tools.creation();
    tools.works(ControlOp.XEN_DOMCTL_createdomain, 7);
    tools.argument(new DomctlAddressSize()).bits(64);
    tools.works(ControlOp.XEN_DOMCTL_set_address_size, 7);
    tools.refuses(XenErrno.XEN_EBUSY, ControlOp.XEN_DOMCTL_set_address_size, 5);
    tools.argument(new DomctlAddressSize()).bits(32);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_set_address_size, 7);
  }

  @Test
  void cacheFlushHasItsLimits() {
    DomctlCacheFlush flush = tools.argument(new DomctlCacheFlush());
    flush.startPfn(0x40000);
    flush.nrPfns(1 << 18);
    tools.works(ControlOp.XEN_DOMCTL_cacheflush, 5);
    flush.nrPfns((1 << 18) + 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_cacheflush, 5);
    flush.startPfn(-1);
    flush.nrPfns(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_cacheflush, 5);
  }

  @Test
  void weightAndCapAreThoseOfCredit2() {
    DomctlSchedulerOp op = tools.argument(new DomctlSchedulerOp());
    op.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT2);
    op.cmd(DomctlArgument.XEN_DOMCTL_SCHEDOP_getinfo);
    tools.works(ControlOp.XEN_DOMCTL_scheduler_op, 5);
    assertEquals(256, op.weight());
    assertEquals(0, op.cap());
    op.cmd(DomctlArgument.XEN_DOMCTL_SCHEDOP_putinfo);
    op.weight(512);
    op.cap(150);
    tools.works(ControlOp.XEN_DOMCTL_scheduler_op, 5);
    assertEquals(512, tools.guest.weight());
    assertEquals(150, tools.guest.cap());
    op.weight(0);
    op.cap(201);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_scheduler_op, 5);
    op.cap(0);
    tools.works(ControlOp.XEN_DOMCTL_scheduler_op, 5);
    assertEquals(512, tools.guest.weight());
    assertEquals(0, tools.guest.cap());
    op.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_scheduler_op, 5);
    op.schedId(DomctlArgument.XEN_SCHEDULER_CREDIT2);
    op.cmd(DomctlArgument.XEN_DOMCTL_SCHEDOP_getvcpuinfo);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_scheduler_op, 5);
  }

  @Test
  void thereIsOneNode() {
    tools.bitmap(0, tools.room, 8);
    tools.dom0.memory().write64(tools.room, -1);
    tools.works(ControlOp.XEN_DOMCTL_getnodeaffinity, 5);
    assertEquals(1, tools.dom0.memory().read8(tools.room));
    tools.works(ControlOp.XEN_DOMCTL_setnodeaffinity, 5);
    tools.dom0.memory().write8(tools.room, (byte) 2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setnodeaffinity, 5);
  }
}
