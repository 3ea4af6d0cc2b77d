// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HardwarePermissions;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlBindPtIrq;
import org.xenolith.xen.abi.DomctlIomemPermission;
import org.xenolith.xen.abi.DomctlIrqPermission;
import org.xenolith.xen.abi.DomctlMemoryMapping;
import org.xenolith.xen.abi.XenErrno;

/** Gives a domain windows and interrupts of hardware. Who gives must be permitted to have them, as in Xen. */
final class HardwareAccess {
  private static final long FRAMES = 1L << 36;
  /** Frames that one memory_mapping takes. */
  private static final int MAPPED_AT_ONCE = 64;

  private final P2mPort p2m;
  private final VirtualGicPort gic;

  HardwareAccess(P2mPort p2m, VirtualGicPort gic) {
    this.p2m = p2m;
    this.gic = gic;
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_DOMCTL_iomem_permission, "iomem_permission", new DomctlIomemPermission(), this::iomemPermission),
        SubOperation.of(ControlOp.XEN_DOMCTL_irq_permission, "irq_permission", new DomctlIrqPermission(), this::irqPermission),
        SubOperation.of(ControlOp.XEN_DOMCTL_memory_mapping, "memory_mapping", new DomctlMemoryMapping(), this::map),
        SubOperation.of(ControlOp.XEN_DOMCTL_bind_pt_irq, "bind_pt_irq", new DomctlBindPtIrq(), this::bind));
  }

  private long iomemPermission(Hypercall call, DomctlIomemPermission iomem, Domain target) {
    long first = iomem.firstMfn();
    long last = first + iomem.nrMfns() - 1;
    if (Long.compareUnsigned(last, first) < 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!mayUse(call.domain(), first, last)) {
      return -XenErrno.XEN_EPERM;
    }
    HardwarePermissions own = target.permissions();
    Frames frames = new Frames(first, last);
    boolean done = iomem.allowAccess() != 0 ? own.permit(frames) : own.forbid(frames);
    return done ? 0 : -XenErrno.XEN_ENOMEM;
  }

  private long irqPermission(Hypercall call, DomctlIrqPermission irq, Domain target) {
    int number = irq.pirq();
    if (number < 0 || number >= HardwarePermissions.INTERRUPTS) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!call.domain().permissions().mayHave(number)) {
      return -XenErrno.XEN_EPERM;
    }
    target.permissions().interrupt(number, irq.allowAccess() != 0);
    return 0;
  }

  private long map(Hypercall call, DomctlMemoryMapping mapping, Domain target) {
    long count = mapping.nrMfns();
    long first = mapping.firstMfn();
    long last = first + count - 1;
    long gfn = mapping.firstGfn();
    boolean wraps = Long.compareUnsigned(last, first) < 0 || Long.compareUnsigned(gfn + count - 1, gfn) < 0;
    if (wraps || Long.compareUnsigned(last, FRAMES) >= 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (Long.compareUnsigned(count, MAPPED_AT_ONCE) > 0) {
      return -XenErrno.XEN_E2BIG;
    }
    if (!mayUse(call.domain(), first, last) || !mayUse(target, first, last)) {
      return -XenErrno.XEN_EPERM;
    }
    return mapping.addMapping() != 0 ? p2m.map(target, gfn, first, count, PageType.DEVICE)
        : p2m.unmap(target, gfn, count);
  }

  /** A physical SPI becomes the domain's own of the same number. */
  private long bind(Hypercall call, DomctlBindPtIrq binding, Domain target) {
    if (binding.irqType() != DomctlArgument.PT_IRQ_TYPE_SPI) {
      return -XenErrno.XEN_EOPNOTSUPP;
    }
    if (binding.spi() != binding.machineIrq()) {
      return -XenErrno.XEN_EINVAL;
    }
    return call.domain().permissions().mayHave(binding.spi()) ? gic.route(target, binding.spi(), false) : -XenErrno.XEN_EPERM;
  }

  private static boolean mayUse(Domain domain, long first, long last) {
    return first >= 0 && Long.compareUnsigned(last, FRAMES) < 0 && domain.permissions().mayMap(new Frames(first, last));
  }
}
