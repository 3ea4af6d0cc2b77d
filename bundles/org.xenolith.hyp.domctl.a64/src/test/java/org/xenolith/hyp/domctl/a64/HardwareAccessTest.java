// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.PageType;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlBindPtIrq;
import org.xenolith.xen.abi.DomctlIrqPermission;
import org.xenolith.xen.abi.XenErrno;

/** How tools give a domain windows and interrupts of the machine. */
class HardwareAccessTest {
  private final Tools tools = new Tools();

  @Test
  void windowIsMappedOnlyToWhoWasPermitted() {
    tools.mapping(0x9000, 0x9000, 2, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_memory_mapping, 5);
    tools.permission(0x9000, 2, 1);
    tools.works(ControlOp.XEN_DOMCTL_iomem_permission, 5);
    tools.mapping(0x9000, 0x9000, 2, 1);
    tools.works(ControlOp.XEN_DOMCTL_memory_mapping, 5);
    assertEquals(PageType.DEVICE, tools.hypervisor.p2m().type(tools.guest, 0x9001));
    tools.mapping(0x9000, 0x9000, 2, 0);
    tools.works(ControlOp.XEN_DOMCTL_memory_mapping, 5);
    assertEquals(PageType.NONE, tools.hypervisor.p2m().type(tools.guest, 0x9001));
    tools.permission(0x9001, 1, 0);
    tools.works(ControlOp.XEN_DOMCTL_iomem_permission, 5);
    tools.mapping(0x9000, 0x9000, 2, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_memory_mapping, 5);
  }

  @Test
  void memoryCannotBeGivenAsAWindow() {
    tools.permission(tools.dom0.gfn(), 1, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    tools.permission(0x3F000, 0x10000, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    tools.permission(-1, 1, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    tools.permission(-1, 2, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    tools.permission(1, 0, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_iomem_permission, 5);
  }

  @Test
  void whatDom0HasNotItCannotGive() {
    tools.permission(0x8FFF, 2, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    tools.permission(0x9FFF, 1, 1);
    tools.works(ControlOp.XEN_DOMCTL_iomem_permission, 5);
    assertEquals("[9fff]", tools.guest.permissions().frames().toString());
    tools.dom0.permissions().forbid(Tools.DEVICES);
    tools.mapping(0x9FFF, 0x9FFF, 1, 1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_memory_mapping, 5);
    tools.permission(0x9FFF, 1, 0);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_iomem_permission, 5);
    DomctlIrqPermission irq = tools.argument(new DomctlIrqPermission());
    irq.pirq(41);
    irq.allowAccess(1);
    tools.refuses(XenErrno.XEN_EPERM, ControlOp.XEN_DOMCTL_irq_permission, 5);
    irq.pirq(1024);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_irq_permission, 5);
    irq.pirq(40);
    tools.works(ControlOp.XEN_DOMCTL_irq_permission, 5);
    assertEquals(List.of(40), tools.guest.permissions().interrupts());
  }

  @Test
  void mappingHasItsLimits() {
    tools.mapping(0x9000, 0x9000, 65, 1);
    tools.refuses(XenErrno.XEN_E2BIG, ControlOp.XEN_DOMCTL_memory_mapping, 5);
    tools.mapping(-1, 0x9000, 2, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_memory_mapping, 5);
    tools.mapping(0x9000, 1L << 36, 1, 1);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_memory_mapping, 5);
  }

  @Test
  void spiIsRoutedOneToOne() {
    DomctlBindPtIrq binding = tools.argument(new DomctlBindPtIrq());
    binding.irqType(DomctlArgument.PT_IRQ_TYPE_SPI);
    binding.machineIrq(40);
    binding.spi(40);
    tools.works(ControlOp.XEN_DOMCTL_bind_pt_irq, 5);
    assertEquals(40, tools.hypervisor.gic().routings().getFirst().intid());
    binding.spi(41);
    tools.refuses(XenErrno.XEN_EINVAL, ControlOp.XEN_DOMCTL_bind_pt_irq, 5);
    binding.irqType(DomctlArgument.PT_IRQ_TYPE_PCI);
    tools.refuses(XenErrno.XEN_EOPNOTSUPP, ControlOp.XEN_DOMCTL_bind_pt_irq, 5);
  }
}
