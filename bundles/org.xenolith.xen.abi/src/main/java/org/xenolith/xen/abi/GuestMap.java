// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Guest-physical places of what the tools give a domain; the device tree is what counts ({@code arch-arm.h}). Names as there. */
public final class GuestMap {
  public static final int GUEST_GICV3_RDIST_REGIONS = 1;
  public static final int GUEST_RAM_BANKS = 2;
  public static final int GUEST_TIMER_VIRT_PPI = 27;
  public static final int GUEST_TIMER_PHYS_S_PPI = 29;
  public static final int GUEST_TIMER_PHYS_NS_PPI = 30;
  public static final int GUEST_EVTCHN_PPI = 31;
  public static final int GUEST_VPL011_SPI = 32;
  public static final int GUEST_VIRTIO_MMIO_SPI_FIRST = 33;
  public static final int GUEST_VIRTIO_MMIO_SPI_LAST = 43;
  public static final int GUEST_MAX_VCPUS = 128;
  public static final int GUEST_GICD_SIZE = 0x1000;
  public static final int GUEST_PL011_SIZE = 0x1000;
  public static final int GUEST_GICC_SIZE = 0x2000;
  public static final int GUEST_GICV3_GICD_SIZE = 0x10000;
  public static final int GUEST_VIRTIO_MMIO_SIZE = 0x100000;
  public static final int GUEST_MAGIC_SIZE = 0x1000000;
  public static final int GUEST_GICV3_GICR0_SIZE = 0x1000000;
  public static final int GUEST_GNTTAB_SIZE = 0x1000000;
  public static final int GUEST_VIRTIO_MMIO_BASE = 0x2000000;
  public static final int GUEST_VPCI_ADDR_TYPE_MEM = 0x2000000;
  public static final int GUEST_ACPI_SIZE = 0x2000000;
  public static final int GUEST_GICV3_GICD_BASE = 0x3001000;
  public static final int GUEST_GICD_BASE = 0x3001000;
  public static final int GUEST_GICC_BASE = 0x3002000;
  public static final int GUEST_GICV3_GICR0_BASE = 0x3020000;
  public static final int GUEST_VPCI_MEM_SIZE = 0x10000000;
  public static final int GUEST_VPCI_ECAM_SIZE = 0x10000000;
  public static final int GUEST_VPCI_ECAM_BASE = 0x10000000;
  public static final int GUEST_ACPI_BASE = 0x20000000;
  public static final int GUEST_PL011_BASE = 0x22000000;
  public static final int GUEST_VPCI_MEM_ADDR = 0x23000000;
  public static final int GUEST_GNTTAB_BASE = 0x38000000;
  public static final int GUEST_MAGIC_BASE = 0x39000000;
  public static final int GUEST_RAM0_BASE = 0x40000000;
  public static final int GUEST_RAM_BASE = 0x40000000;
  public static final int GUEST_VPCI_ADDR_TYPE_PREFETCH_MEM = 0x42000000;
  public static final long GUEST_RAM0_SIZE = 0xc0000000L;
  public static final long GUEST_VPCI_PREFETCH_MEM_SIZE = 0x100000000L;
  public static final long GUEST_VPCI_PREFETCH_MEM_ADDR = 0x100000000L;
  public static final long GUEST_RAM1_BASE = 0x200000000L;
  public static final long GUEST_RAM1_SIZE = 0xfe00000000L;
  public static final long GUEST_RAM_MAX = 0xfec0000000L;

  private GuestMap() {
  }
}
