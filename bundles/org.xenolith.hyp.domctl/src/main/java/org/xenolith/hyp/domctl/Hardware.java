// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.VirtualGicPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlBindPtIrq;
import org.xenolith.xen.abi.DomctlIomemPermission;
import org.xenolith.xen.abi.DomctlIrqPermission;
import org.xenolith.xen.abi.DomctlMemoryMapping;
import org.xenolith.xen.abi.XenErrno;

/**
 * Gives a domain windows and interrupts of hardware. Who gives must have them: Dom0 has all that isn't RAM, others what they
 * were given.
 */
final class Hardware {
  /** Interrupt numbers are below this. */
  private static final int INTERRUPTS = 1024;
  private static final int FIRST_SPI = 32;
  private static final long FRAMES = 1L << 36;
  /** Frames that one memory_mapping takes. */
  private static final int MAPPED_AT_ONCE = 64;

  private final DomainsPort domains;
  private final ControlledDomains controlled;
  private final P2mPort p2m;
  private final VirtualGicPort gic;

  Hardware(DomainsPort domains, ControlledDomains controlled, P2mPort p2m, VirtualGicPort gic) {
    this.domains = domains;
    this.controlled = controlled;
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
    FrameRanges own = controlled.of(target).frames;
    boolean done = iomem.allowAccess() != 0 ? own.add(first, last) : own.remove(first, last);
    return done ? 0 : -XenErrno.XEN_ENOMEM;
  }

  private long irqPermission(Hypercall call, DomctlIrqPermission irq, Domain target) {
    int number = irq.pirq();
    if (number < 0 || number >= INTERRUPTS) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!mayUse(call.domain(), number)) {
      return -XenErrno.XEN_EPERM;
    }
    controlled.of(target).interrupts.set(number, irq.allowAccess() != 0);
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
    return mayUse(call.domain(), binding.spi()) ? gic.route(target, binding.spi(), false) : -XenErrno.XEN_EPERM;
  }

  private boolean mayUse(Domain domain, int interrupt) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      return interrupt >= FIRST_SPI && interrupt < INTERRUPTS;
    }
    return interrupt < INTERRUPTS && controlled.of(domain).interrupts.get(interrupt);
  }

  private boolean mayUse(Domain domain, long first, long last) {
    if (domain.kind() != DomainSpec.Kind.DOM0) {
      return controlled.of(domain).frames.covers(first, last);
    }
    if (Long.compareUnsigned(last, FRAMES) >= 0) {
      return false;
    }
    for (AddressWindow bank : domains.domains().platform().memory()) {
      if (first <= bank.base() + bank.size() - 1 >>> 12 && last >= bank.base() >>> 12) {
        return false;
      }
    }
    return true;
  }
}
