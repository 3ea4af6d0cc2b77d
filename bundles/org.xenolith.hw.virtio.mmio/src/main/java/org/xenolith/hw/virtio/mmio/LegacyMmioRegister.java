// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of virtio over MMIO, version 1, the legacy interface (Virtual I/O Device 1.2, 4.2.4). */
enum LegacyMmioRegister implements Register {
  /** "virt". */
  MagicValue(at(0x000, "4.2.4").reset(0x7472_6976)),
  /** Layout of this table. */
  Version(at(0x004, "4.2.4").reset(1)),
  /** Kind of device; 0 while none is plugged in. */
  DeviceID(at(0x008, "4.2.4")),
  /** Who made the device. */
  VendorID(at(0x00C, "4.2.4").reset(0x4F4E_4558)),
  /** The half of the offered features that HostFeaturesSel names. */
  HostFeatures(at(0x010, "4.2.4")),
  /** 0: features 0 to 31; others there are none. */
  HostFeaturesSel(at(0x014, "4.2.4").rw(0xFFFF_FFFFL)),
  /** The half of the accepted features that GuestFeaturesSel names. */
  GuestFeatures(at(0x020, "4.2.4")),
  /** 0: features 0 to 31. */
  GuestFeaturesSel(at(0x024, "4.2.4").rw(0xFFFF_FFFFL)),
  /** Bytes of a page, as QueuePFN counts them; a power of two. */
  GuestPageSize(at(0x028, "4.2.4").rw(0xFFFF_FFFFL)),
  /** The queue that the following registers mean. */
  QueueSel(at(0x030, "4.2.4").rw(0xFFFF_FFFFL)),
  /** Largest size of the queue; 0 if there is no such queue. */
  QueueNumMax(at(0x034, "4.2.4")),
  /** Size of the queue. */
  QueueNum(at(0x038, "4.2.4")),
  /** Alignment of the used ring in bytes. */
  QueueAlign(at(0x03C, "4.2.4").rw(0xFFFF_FFFFL)),
  /** Page in which the queue begins; 0 while the device may not use it. */
  QueuePFN(at(0x040, "4.2.4")),
  /** Number of the queue that has new buffers. */
  QueueNotify(at(0x050, "4.2.4")),
  /** Bit 0: used buffers, bit 1: configuration change. */
  InterruptStatus(at(0x060, "4.2.4")),
  /** Clears bits of InterruptStatus. */
  InterruptACK(at(0x064, "4.2.4")),
  /** Device status (2.1). */
  Status(at(0x070, "4.2.4"));

  private final RegisterSpec spec;

  LegacyMmioRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
