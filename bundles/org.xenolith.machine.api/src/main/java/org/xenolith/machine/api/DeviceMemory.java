// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** Ways of a device to memory. */
@ProviderType
public interface DeviceMemory {
  /** Access to memory as a bus master. */
  DmaPort dma();

  /**
   * Access to memory for one of several requesters behind this node, such as a function of a PCI bus: {@code iommu-map} and
   * {@code msi-map} of the node tell who it is for the SMMU and for message-signalled interrupts. Writes may reach windows that
   * take messages.
   *
   * @param requester its id behind this node; for PCI the requester id, 0 to 0xFFFF
   */
  DmaPort dma(int requester);

  /** Makes this device the SMMU of requesters whose {@code iommu-map} or {@code iommus} name its node. */
  void translator(DmaTranslator translator);

  /**
   * The physical address space as software on the boot CPU sees it, windows of devices among it: for what stands in the place of
   * firmware or a hypervisor, and drives hardware.
   */
  default PhysicalBus physical() {
    return physical(0);
  }

  /**
   * The physical address space as software on a CPU sees it, which differs in registers that are banked by CPU.
   *
   * @param cpu its index
   * @throws ModelException if the machine has no such CPU
   */
  PhysicalBus physical(int cpu);
}
