// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlVcpuContext;
import org.xenolith.xen.abi.GuestContext;
import org.xenolith.xen.abi.XenErrno;

/** Registers of single virtual CPUs, as tools read and set them. */
class VcpuRegistersTest {
  private final Tools tools = new Tools();

  @Test
  void registersAreSetAndReadBack() {
    GuestContext context = tools.room(new GuestContext());
    context.flags(1);
    context.pc64(0x4008_0000L);
    for (int i = 0; i < 31; i++) {
      context.x(i, 100 + i);
    }
    context.cpsr(0x1C5);
    context.spEl1(0x1234_0000L);
    context.sctlr(0xC5_0078);
    DomctlVcpuContext argument = tools.argument(new DomctlVcpuContext());
    argument.vcpu(1);
    argument.ctxt(tools.room);
    tools.works(ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    var vcpu = tools.guest.vcpu(1);
    assertTrue(vcpu.online());
    assertEquals(0, tools.guest.pauseCount());
    assertEquals(0x1C5, vcpu.context().pstate());
    assertEquals(0x1234_0000L, vcpu.context().stackPointer(1));
    for (int i = 1; i < 31; i++) {
      assertEquals(100 + i, vcpu.context().x(i));
    }
    vcpu.context().pc(0x4008_0000L);
    for (int i = 0; i < GuestContext.SIZE; i++) {
      tools.dom0.memory().write8(tools.room + i, (byte) 0x55);
    }
    tools.works(ControlOp.XEN_DOMCTL_getvcpucontext, 5);
    assertEquals(0x4008_0000L, context.pc64());
    assertEquals(0x1C5, context.cpsr());
    assertEquals(0x1234_0000L, context.spEl1());
    assertEquals(vcpu.context().register(SysReg.SCTLR_EL1), context.sctlr());
    assertEquals(0, context.sctlr() & 1, "MMU off, as asked for");
    assertEquals(0, context.spsrFiq());
  }

  @Test
  void registersThatLeaveEl1AreRefused() {
    GuestContext context = tools.room(new GuestContext());
    DomctlVcpuContext argument = tools.argument(new DomctlVcpuContext());
    argument.ctxt(tools.room);
    for (long pstate : new long[] {0x9, 0xD, 0x1D3, 0xC, 0x8}) {
      context.cpsr(pstate);
      context.spsrEl1(0);
      tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
      context.cpsr(0x1C5);
      context.spsrEl1(pstate);
      tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    }
    argument.vcpu(2);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    argument.vcpu(0);
    argument.ctxt(0x8);
    tools.refuses(XenErrno.XEN_EFAULT, ControlOp.XEN_DOMCTL_setvcpucontext, 5);
    argument.vcpu(1);
    tools.refuses(XenErrno.XEN_ENODATA, ControlOp.XEN_DOMCTL_getvcpucontext, 5);
  }

  @Test
  void domainCannotSetItsOwn() {
    DomctlVcpuContext argument = tools.argument(new DomctlVcpuContext());
    argument.ctxt(tools.room);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_setvcpucontext, 0);
  }
}
