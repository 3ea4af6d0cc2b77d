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

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.kit.TransportCore;
import org.xenolith.virtio.kit.TransportCore.Area;

/** The MMIO transport, version 2 (the legacy layout is not built): registers in front of a {@link TransportCore}. */
final class VirtioMmio implements DeviceModel, MmioHandler, TransportCore.Signals {
  private static final long CONFIG = 0x100;
  private static final long USED_BUFFER = 1;
  private static final long CONFIG_CHANGE = 2;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<VirtioMmioRegister> registers;
  private final TransportCore core;
  private final InterruptLine line;
  private final RegisterFaults faults;

  VirtioMmio(DeviceContext context) {
    faults = context.faults();
    registers = state.registers("registers", VirtioMmioRegister.class, faults);
    core = new TransportCore(context, state, context.memory().dma(), 0, this);
    registers.onRead(DeviceID, () -> core.function() == null ? 0 : core.function().deviceId())
        .onRead(DeviceFeatures, () -> core.features(registers().get(DeviceFeaturesSel)))
        .onWrite(DriverFeatures, value -> core.accept(registers().get(DriverFeaturesSel), value))
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
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    context.bus().window(0, AccessRule.UP_TO_WORD, this);
  }

  private RegisterFile<VirtioMmioRegister> registers() {
    return registers;
  }

  private long chosen() {
    return registers.get(QueueSel);
  }

  private void addresses(VirtioMmioRegister low, VirtioMmioRegister high, Area area) {
    registers.onWrite(low, value -> core.address(chosen(), area, false, value))
        .onWrite(high, value -> core.address(chosen(), area, true, value));
  }

  @Override
  public long read(long offset, int size) {
    if (offset >= CONFIG) {
      VirtioFunction function = core.function();
      return function == null || offset - CONFIG > Integer.MAX_VALUE ? 0 : function.readConfig((int) (offset - CONFIG), size);
    }
    int shift = ((int) offset & 3) * 8;
    return registers.read(offset & ~3L) >>> shift & (size == 4 ? 0xFFFF_FFFFL : (1L << size * 8) - 1);
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset >= CONFIG) {
      VirtioFunction function = core.function();
      if (function != null && offset - CONFIG <= Integer.MAX_VALUE) {
        function.writeConfig((int) (offset - CONFIG), size, value);
      }
    } else if (size != 4) {
      // 4.2.2.2: the driver must use aligned 32-bit accesses here.
      faults.report(RegisterFaults.Kind.BAD_VALUE, offset, value);
    } else {
      registers.write(offset, value);
    }
  }

  private void enable(long value) {
    if (!core.ready(chosen(), (value & 1) != 0)) {
      faults.report(RegisterFaults.Kind.BAD_VALUE, QueueReady.spec().offset(), chosen());
    }
  }

  private void acknowledge(long bits) {
    registers.bits(InterruptStatus, bits, false);
    drive();
  }

  @Override
  public void usedBuffer(int index) {
    registers.bits(InterruptStatus, USED_BUFFER, true);
    drive();
  }

  @Override
  public void configChange() {
    registers.bits(InterruptStatus, CONFIG_CHANGE, true);
    drive();
  }

  @Override
  public void deviceReset() {
    registers.set(InterruptStatus, 0);
    drive();
  }

  private void drive() {
    if (line != null) {
      line.set(registers.get(InterruptStatus) != 0);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    core.reset();
    drive();
  }

  @Override
  public void restored() {
    core.restored();
    drive();
  }

  @Override
  public void removed() {
    core.removed();
  }
}
