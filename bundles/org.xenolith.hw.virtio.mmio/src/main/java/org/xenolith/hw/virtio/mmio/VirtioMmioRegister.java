// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of virtio over MMIO, version 2 (Virtual I/O Device 1.2, 4.2.2). */
enum VirtioMmioRegister implements Register {
  /** "virt". */
  MagicValue(at(0x000, "4.2.2").reset(0x7472_6976)),
  /** Layout of this table. */
  Version(at(0x004, "4.2.2").reset(2)),
  /** Kind of device; 0 while none is plugged in. */
  DeviceID(at(0x008, "4.2.2")),
  /** Who made the device. */
  VendorID(at(0x00C, "4.2.2").reset(0x4F4E_4558)),
  /** The half of the offered features that DeviceFeaturesSel names. */
  DeviceFeatures(at(0x010, "4.2.2")),
  /** 0: features 0 to 31, 1: 32 to 63. */
  DeviceFeaturesSel(at(0x014, "4.2.2").rw(0xFFFF_FFFFL)),
  /** The half of the accepted features that DriverFeaturesSel names. */
  DriverFeatures(at(0x020, "4.2.2")),
  /** 0: features 0 to 31, 1: 32 to 63. */
  DriverFeaturesSel(at(0x024, "4.2.2").rw(0xFFFF_FFFFL)),
  /** The queue that the following registers mean. */
  QueueSel(at(0x030, "4.2.2").rw(0xFFFF_FFFFL)),
  /** Largest size of the queue; 0 if there is no such queue. */
  QueueNumMax(at(0x034, "4.2.2")),
  /** Size of the queue. */
  QueueNum(at(0x038, "4.2.2")),
  /** 1: the device may use the queue. */
  QueueReady(at(0x044, "4.2.2")),
  /** Number of the queue that has new buffers. */
  QueueNotify(at(0x050, "4.2.2")),
  /** Bit 0: used buffers, bit 1: configuration change. */
  InterruptStatus(at(0x060, "4.2.2")),
  /** Clears bits of InterruptStatus. */
  InterruptACK(at(0x064, "4.2.2")),
  /** Device status (2.1). */
  Status(at(0x070, "4.2.2")),
  /** Descriptor area. */
  QueueDescLow(at(0x080, "4.2.2")),
  /** Descriptor area. */
  QueueDescHigh(at(0x084, "4.2.2")),
  /** Driver area: the available ring. */
  QueueDriverLow(at(0x090, "4.2.2")),
  /** Driver area: the available ring. */
  QueueDriverHigh(at(0x094, "4.2.2")),
  /** Device area: the used ring. */
  QueueDeviceLow(at(0x0A0, "4.2.2")),
  /** Device area: the used ring. */
  QueueDeviceHigh(at(0x0A4, "4.2.2")),
  /** Shared memory region; there is none. */
  SHMSel(at(0x0AC, "4.2.2").rw(0xFFFF_FFFFL)),
  /** Its length: all ones, none. */
  SHMLenLow(at(0x0B0, "4.2.2").reset(0xFFFF_FFFFL)),
  /** Its length: all ones, none. */
  SHMLenHigh(at(0x0B4, "4.2.2").reset(0xFFFF_FFFFL)),
  /** Its address. */
  SHMBaseLow(at(0x0B8, "4.2.2").reset(0xFFFF_FFFFL)),
  /** Its address. */
  SHMBaseHigh(at(0x0BC, "4.2.2").reset(0xFFFF_FFFFL)),
  /** Changes whenever the configuration may have. */
  ConfigGeneration(at(0x0FC, "4.2.2"));

  private final RegisterSpec spec;

  VirtioMmioRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
