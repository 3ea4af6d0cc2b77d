// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import static org.xenolith.hw.virtio.pci.CommonField.config_generation;
import static org.xenolith.hw.virtio.pci.CommonField.config_msix_vector;
import static org.xenolith.hw.virtio.pci.CommonField.device_feature;
import static org.xenolith.hw.virtio.pci.CommonField.device_feature_select;
import static org.xenolith.hw.virtio.pci.CommonField.device_status;
import static org.xenolith.hw.virtio.pci.CommonField.driver_feature;
import static org.xenolith.hw.virtio.pci.CommonField.driver_feature_select;
import static org.xenolith.hw.virtio.pci.CommonField.num_queues;
import static org.xenolith.hw.virtio.pci.CommonField.queue_desc;
import static org.xenolith.hw.virtio.pci.CommonField.queue_device;
import static org.xenolith.hw.virtio.pci.CommonField.queue_driver;
import static org.xenolith.hw.virtio.pci.CommonField.queue_enable;
import static org.xenolith.hw.virtio.pci.CommonField.queue_msix_vector;
import static org.xenolith.hw.virtio.pci.CommonField.queue_notify_off;
import static org.xenolith.hw.virtio.pci.CommonField.queue_select;
import static org.xenolith.hw.virtio.pci.CommonField.queue_size;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.virtio.kit.TransportCore.Area;
import org.xenolith.virtio.kit.TransportCore;

/** The common configuration structure (Virtual I/O Device 1.2, 4.1.4.3). */
final class CommonConfig {
  private final Map<CommonField, LongSupplier> read = new EnumMap<>(CommonField.class);
  private final Map<CommonField, LongConsumer> write = new EnumMap<>(CommonField.class);
  private final TransportCore core;
  private final RegisterFaults faults;
  private final LongCell deviceSelect;
  private final LongCell driverSelect;
  private final LongCell queue;
  private final QueueVectors vectors;

  CommonConfig(DeviceState state, TransportCore core, RegisterFaults faults) {
    this.core = core;
    this.faults = faults;
    deviceSelect = state.cell("device-feature-select", 0);
    driverSelect = state.cell("driver-feature-select", 0);
    queue = state.cell("queue-select", 0);
    vectors = new QueueVectors(state);
    cell(device_feature_select, deviceSelect);
    cell(driver_feature_select, driverSelect);
    cell(queue_select, queue);
    read.put(device_feature, () -> core.features(deviceSelect.value));
    read.put(driver_feature, () -> core.accepted(driverSelect.value));
    write.put(driver_feature, value -> core.accept(driverSelect.value, value));
    read.put(config_msix_vector, vectors::config);
    write.put(config_msix_vector, vectors::config);
    read.put(num_queues, core::queues);
    read.put(device_status, core::status);
    write.put(device_status, core::status);
    read.put(config_generation, () -> core.generation() & 0xFF);
    read.put(queue_size, this::size);
    write.put(queue_size, value -> core.size(queue.value, value));
    read.put(queue_msix_vector, () -> vectors.queue(queue.value));
    write.put(queue_msix_vector, value -> vectors.queue(queue.value, value));
    read.put(queue_enable, () -> core.ready(queue.value) ? 1 : 0);
    write.put(queue_enable, this::enable);
    read.put(queue_notify_off, () -> core.maximum(queue.value) == 0 ? 0 : queue.value);
    read.put(queue_desc, () -> core.address(queue.value, Area.DESCRIPTOR));
    read.put(queue_driver, () -> core.address(queue.value, Area.DRIVER));
    read.put(queue_device, () -> core.address(queue.value, Area.DEVICE));
    state.shows("common", CommonField.registers(), field -> OptionalLong.of(read.get(CommonField.at(field.spec().offset())).getAsLong()));
  }

  private void cell(CommonField field, LongCell cell) {
    read.put(field, () -> cell.value);
    write.put(field, value -> cell.value = value);
  }

  private long size() {
    int most = core.maximum(queue.value);
    return most == 0 || core.size(queue.value) == 0 ? most : core.size(queue.value);
  }

  /** Which vector is for what. */
  QueueVectors vectors() {
    return vectors;
  }

  /** Only 1 is written (4.1.4.3.2); a queue that the driver didn't size has its largest size. */
  private void enable(long value) {
    if (core.size(queue.value) == 0) {
      core.size(queue.value, core.maximum(queue.value));
    }
    if (value != 1 || !core.ready(queue.value, true)) {
      faults.report(RegisterFaults.Kind.BAD_VALUE, queue_enable.offset, value);
    }
  }

  /** A read of 1 to 8 bytes, of one field or several: none of them has a side effect. */
  long read(long offset, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      CommonField field = CommonField.at(offset + i);
      if (field == null) {
        faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
        return value;
      }
      value |= (read.get(field).getAsLong() >>> (offset + i - field.offset) * 8 & 0xFF) << i * 8;
    }
    return value;
  }

  /** A write: of a whole field (4.1.3.1), or half of an address. */
  void write(long offset, int size, long value) {
    CommonField field = CommonField.at(offset);
    if (field == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
    } else if (field.size == 8 && size >= 4) {
      address(field, offset != field.offset, size, value);
    } else if (field.size == size && field.offset == offset) {
      LongConsumer effect = write.get(field);
      if (effect != null) {
        effect.accept(value);
      }
    } else {
      faults.report(RegisterFaults.Kind.BAD_VALUE, offset, value);
    }
  }

  private void address(CommonField field, boolean high, int size, long value) {
    Area area = field == queue_desc ? Area.DESCRIPTOR : field == queue_driver ? Area.DRIVER : Area.DEVICE;
    core.address(queue.value, area, high, value);
    if (size == 8) {
      core.address(queue.value, area, true, value >>> 32);
    }
  }

  /** The device was reset: vectors and selections are as at first. */
  void clear() {
    deviceSelect.value = 0;
    driverSelect.value = 0;
    queue.value = 0;
    vectors.clear();
  }
}
