// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import java.util.Arrays;
import java.util.List;
import org.xenolith.a64.arch.CpuContext;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.xen.abi.DomainConfig;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlVcpuContext;
import org.xenolith.xen.abi.GuestContext;
import org.xenolith.xen.abi.XenErrno;

/**
 * Registers of virtual CPUs as tools set and read them. Setting them puts a vCPU through reset, which takes it off
 * its CPU; those of one that is still on a CPU can't be read (-EBUSY).
 */
final class VcpuRegisters {
  private static final int MODE = 0x1F;

  private final byte[] bytes = new byte[GuestContext.SIZE];
  private final GuestContext context = new GuestContext();

  VcpuRegisters() {
    context.at(new AbiBytes(bytes), 0);
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_DOMCTL_setvcpucontext, "setvcpucontext", new DomctlVcpuContext(), this::set),
        SubOperation.of(ControlOp.XEN_DOMCTL_getvcpucontext, "getvcpucontext", new DomctlVcpuContext(), this::get).answers());
  }

  /** Without registers the vCPU is put back to reset and taken down. */
  private long set(Hypercall call, DomctlVcpuContext argument, Domain target) {
    Vcpu vcpu = target.vcpu(argument.vcpu());
    if (target == call.domain() || vcpu == null) {
      return -XenErrno.XEN_EINVAL;
    }
    if (argument.ctxt() == 0) {
      vcpu.powerOff();
      return 0;
    }
    if (!call.read(argument.ctxt(), bytes, 0, GuestContext.SIZE)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (!guestLevel(context.cpsr()) || context.spsrEl1() != 0 && !guestLevel(context.spsrEl1())) {
      return -XenErrno.XEN_EINVAL;
    }
    target.pause();
    try {
      vcpu.powerOn(context.pc64(), context.x(0));
      load(ArmVcpu.of(vcpu).context());
      if ((context.flags() & DomainConfig.VGCF_online) == 0) {
        vcpu.powerOff();
      }
    } finally {
      target.unpause();
    }
    return 0;
  }

  /** AArch64 at EL0 or EL1. */
  private static boolean guestLevel(long pstate) {
    long mode = pstate & MODE;
    return mode == DomainConfig.PSR_MODE_EL1h || mode == DomainConfig.PSR_MODE_EL1t || mode == DomainConfig.PSR_MODE_EL0t;
  }

  private void load(CpuContext to) {
    for (int i = 1; i < 31; i++) {
      to.x(i, context.x(i));
    }
    to.pstate(context.cpsr() & 0xFFFF_FFFFL);
    to.stackPointer(0, context.spEl0());
    to.stackPointer(1, context.spEl1());
    set(to, SysReg.SPSR_EL1, context.spsrEl1());
    set(to, SysReg.ELR_EL1, context.elrEl1());
    set(to, SysReg.SCTLR_EL1, context.sctlr());
    set(to, SysReg.TCR_EL1, context.ttbcr());
    set(to, SysReg.TTBR0_EL1, context.ttbr0());
    set(to, SysReg.TTBR1_EL1, context.ttbr1());
  }

  private static void set(CpuContext to, SysReg register, long value) {
    to.register(register, to.register(register) & ~register.mask | value & register.mask);
  }

  private long get(Hypercall call, DomctlVcpuContext argument, Domain target) {
    Vcpu vcpu = target.vcpu(argument.vcpu());
    if (vcpu == null || vcpu == call.vcpu()) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!vcpu.online()) {
      return -XenErrno.XEN_ENODATA;
    }
    target.pause();
    try {
      if (vcpu.loaded() != null) {
        return -XenErrno.XEN_EBUSY;
      }
      store(vcpu);
    } finally {
      target.unpause();
    }
    return call.write(argument.ctxt(), bytes, 0, GuestContext.SIZE) ? 0 : -XenErrno.XEN_EFAULT;
  }

  private void store(Vcpu vcpu) {
    Arrays.fill(bytes, (byte) 0);
    CpuContext from = ArmVcpu.of(vcpu).context();
    context.flags(DomainConfig.VGCF_online);
    for (int i = 0; i < 31; i++) {
      context.x(i, vcpu.x(i));
    }
    context.pc64(from.pc());
    context.cpsr(from.pstate());
    context.spEl0(from.stackPointer(0));
    context.spEl1(from.stackPointer(1));
    context.spsrEl1(from.register(SysReg.SPSR_EL1));
    context.elrEl1(from.register(SysReg.ELR_EL1));
    context.sctlr(from.register(SysReg.SCTLR_EL1));
    context.ttbcr(from.register(SysReg.TCR_EL1));
    context.ttbr0(from.register(SysReg.TTBR0_EL1));
    context.ttbr1(from.register(SysReg.TTBR1_EL1));
  }
}
