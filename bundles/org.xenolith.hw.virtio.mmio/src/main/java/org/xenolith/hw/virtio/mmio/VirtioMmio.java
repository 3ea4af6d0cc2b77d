// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.ConfigGeneration;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DeviceFeatures;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DeviceFeaturesSel;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DeviceID;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DriverFeatures;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DriverFeaturesSel;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.InterruptACK;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.InterruptStatus;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDescHigh;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDescLow;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDeviceHigh;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDeviceLow;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDriverHigh;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDriverLow;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueNotify;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueNum;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueNumMax;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueReady;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueSel;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.Status;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.virtio.kit.TransportCore.Area;

/** The MMIO transport, version 2. */
final class VirtioMmio extends MmioTransport<VirtioMmioRegister> {
  VirtioMmio(DeviceContext context) {
    super(context, VirtioMmioRegister.class, false, InterruptStatus);
    registers.onRead(DeviceID, this::deviceId)
        .onRead(DeviceFeatures, () -> core.features(registers.get(DeviceFeaturesSel)))
        .onWrite(DriverFeatures, value -> core.accept(registers.get(DriverFeaturesSel), value))
        .onRead(QueueNumMax, () -> core.maximum(chosen()))
        .onWrite(QueueNum, value -> core.size(chosen(), value))
        .onRead(QueueReady, () -> core.ready(chosen()) ? 1 : 0)
        .onWrite(QueueReady, this::enable)
        .onWrite(QueueNotify, core::notified)
        .onWrite(InterruptACK, this::acknowledge)
        .onRead(Status, core::status)
        .onWrite(Status, core::status)
        .onRead(ConfigGeneration, core::generation);
    addresses(QueueDescLow, QueueDescHigh, Area.DESCRIPTOR);
    addresses(QueueDriverLow, QueueDriverHigh, Area.DRIVER);
    addresses(QueueDeviceLow, QueueDeviceHigh, Area.DEVICE);
  }

  private long chosen() {
    return registers.get(QueueSel);
  }

  private void addresses(VirtioMmioRegister low, VirtioMmioRegister high, Area area) {
    registers.onWrite(low, value -> core.address(chosen(), area, false, value))
        .onWrite(high, value -> core.address(chosen(), area, true, value));
  }

  private void enable(long value) {
    if (!core.ready(chosen(), (value & 1) != 0)) {
      faults.report(RegisterFaults.Kind.BAD_VALUE, QueueReady.spec().offset(), chosen());
    }
  }
}
