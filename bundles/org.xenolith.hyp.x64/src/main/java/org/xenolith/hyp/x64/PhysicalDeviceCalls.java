// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.xen.abi.PhysdevOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * Which sub-operations of physdev_op a domain with nested page tables may ask for at all (Xen, arch/x86/hvm/hypercall.c): for each number, whether
 * Xen goes on to it. What it is answered then is another matter.
 */
final class PhysicalDeviceCalls {
  private PhysicalDeviceCalls() {}

  /**
   * What is answered before anybody looks at it.
   *
   * @param hardware  it is the hardware domain
   * @param emulation {@link EmulationFlags}
   * @param number    {@code PHYSDEVOP_*}
   * @return 0 if the operation is looked at, else -ENOSYS
   */
  static int answer(boolean hardware, int emulation, int number) {
    boolean there = switch (number) {
      case PhysdevOp.PHYSDEVOP_map_pirq, PhysdevOp.PHYSDEVOP_unmap_pirq -> true;
      case PhysdevOp.PHYSDEVOP_eoi, PhysdevOp.PHYSDEVOP_irq_status_query, PhysdevOp.PHYSDEVOP_get_free_pirq -> (emulation
          & EmulationFlags.USE_PIRQ) != 0;
      case PhysdevOp.PHYSDEVOP_setup_gsi, PhysdevOp.PHYSDEVOP_pci_mmcfg_reserved, PhysdevOp.PHYSDEVOP_pci_device_add,
          PhysdevOp.PHYSDEVOP_pci_device_remove, PhysdevOp.PHYSDEVOP_pci_device_reset, PhysdevOp.PHYSDEVOP_dbgp_op -> hardware;
      default -> false;
    };
    return there ? 0 : -XenErrno.XEN_ENOSYS;
  }
}
