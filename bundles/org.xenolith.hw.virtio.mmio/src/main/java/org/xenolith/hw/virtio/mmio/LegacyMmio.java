// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.DeviceID;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.GuestFeatures;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.GuestFeaturesSel;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.GuestPageSize;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.HostFeatures;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.HostFeaturesSel;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.InterruptACK;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.InterruptStatus;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.QueueAlign;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.QueueNotify;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.QueueNum;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.QueueNumMax;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.QueuePFN;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.QueueSel;
import static org.xenolith.hw.virtio.mmio.LegacyMmioRegister.Status;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.virtio.kit.TransportCore.Area;

/**
 * The MMIO transport, version 1: a queue lies where its page says, all of it in one piece. The size of a page isn't forgotten when the driver
 * resets the device: drivers say it once, before that.
 */
final class LegacyMmio extends MmioTransport<LegacyMmioRegister> {
  LegacyMmio(DeviceContext context) {
    super(context, LegacyMmioRegister.class, true, InterruptStatus);
    registers.onRead(DeviceID, this::deviceId)
        .onRead(HostFeatures, () -> core.features(registers.get(HostFeaturesSel)))
        .onWrite(GuestFeatures, value -> core.accept(registers.get(GuestFeaturesSel), value))
        .onRead(QueueNumMax, () -> core.maximum(chosen()))
        .onWrite(QueueNum, value -> core.size(chosen(), value))
        .onRead(QueuePFN, this::page)
        .onWrite(QueuePFN, this::place)
        .onWrite(QueueNotify, core::notified)
        .onWrite(InterruptACK, this::acknowledge)
        .onRead(Status, core::status)
        .onWrite(Status, core::status);
  }

  private long chosen() {
    return registers.get(QueueSel);
  }

  /** The page that the driver wrote; 0 while the device may not use the queue. */
  private long page() {
    long bytes = registers.get(GuestPageSize);
    return bytes == 0 ? 0 : core.address(chosen(), Area.DESCRIPTOR) / bytes;
  }

  private void place(long page) {
    if (!core.place(chosen(), page * registers.get(GuestPageSize), registers.get(QueueAlign))) {
      core.place(chosen(), 0, 1);
      faults.report(RegisterFaults.Kind.BAD_VALUE, QueuePFN.spec().offset(), page);
    }
  }
}
