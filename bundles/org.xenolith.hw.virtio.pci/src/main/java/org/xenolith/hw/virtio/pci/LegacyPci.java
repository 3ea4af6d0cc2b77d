// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.OptionalLong;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.kit.TransportCore;
import org.xenolith.virtio.kit.TransportCore.Area;

/**
 * The legacy PCI transport (Virtual I/O Device 1.2, 4.1.4.8; Virtio PCI Card 0.9.5): a header in I/O space in front of a {@link
 * TransportCore}, and MSI-X in a BAR of its own.
 */
final class LegacyPci extends PciTransport {
  private static final int HEADER_BAR = 0;
  private static final int HEADER_SIZE = 0x100;
  private static final int MSIX_BAR = 1;
  private static final int MSIX_SIZE = 0x1000;
  private static final int MSIX_PENDING = 0x800;
  /** What queues are counted in and aligned to (4.1.5.1.3.1). */
  private static final int PAGE = 4096;

  private final LegacyAccess access;
  private final RegisterFaults faults;
  private final QueueVectors vectors;
  private final LongCell queue = state.cell("queue-select", 0);

  LegacyPci(DeviceContext context) {
    ConfigTable table = ConfigTable.endpoint(VirtioPci.VENDOR, LegacyAccess.NO_DEVICE, VirtioPci.OTHER_DEVICE, 0)
        .subsystem(VirtioPci.VENDOR, 0).pin(1).bar(HEADER_BAR, BarKind.IO, HEADER_SIZE).bar(MSIX_BAR, BarKind.MEMORY32, MSIX_SIZE)
        .capability(Capability.powerManagement(true)).capability(Capability.express(Capability.Express.ENDPOINT))
        .capability(Capability.msix(VirtioPci.VECTORS, MSIX_BAR, 0, MSIX_PENDING)).build();
    super(context, table, true);
    faults = context.faults();
    vectors = new QueueVectors(state);
    access = new LegacyAccess(endpoint, core, context);
    plug(access);
    state.shows("header", LegacyHeader.registers(), field -> field.name().equals(LegacyHeader.isr_status.name()) ? OptionalLong.empty()
        : OptionalLong.of(value(LegacyHeader.valueOf(field.name()))));
  }

  // ---- The BAR

  /** Where the device's configuration begins: vectors have registers only while there are any (4.1.4.8). */
  private int configuration() {
    return endpoint.sendsMessages() ? LegacyHeader.LENGTH_WITH_VECTORS : LegacyHeader.LENGTH;
  }

  @Override
  public long readBar(int bar, long offset, int size) {
    if (bar != HEADER_BAR) {
      return 0;
    }
    if (offset >= configuration()) {
      VirtioFunction function = core.function();
      return function == null ? 0 : function.readConfig((int) offset - configuration(), size);
    }
    LegacyHeader field = LegacyHeader.at(offset, size);
    if (field == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    return field == LegacyHeader.isr_status ? takeInterruptStatus() : value(field);
  }

  /** What a field has, but for the one that a read clears. */
  private long value(LegacyHeader field) {
    return switch (field) {
      case device_feature -> core.features(0);
      case driver_feature -> core.accepted(0);
      case queue_address -> core.address(queue.value, Area.DESCRIPTOR) / PAGE;
      case queue_size -> core.maximum(queue.value);
      case queue_select -> queue.value;
      case queue_notify, isr_status -> 0;
      case device_status -> core.status();
      case config_msix_vector -> vectors.config();
      case queue_msix_vector -> vectors.queue(queue.value);
    };
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    if (bar != HEADER_BAR) {
      return;
    }
    if (offset >= configuration()) {
      VirtioFunction function = core.function();
      if (function != null) {
        function.writeConfig((int) offset - configuration(), size, value);
      }
      return;
    }
    LegacyHeader field = LegacyHeader.at(offset, size);
    if (field == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
      return;
    }
    switch (field) {
      case driver_feature -> core.accept(0, value);
      case queue_address -> place(value);
      case queue_select -> queue.value = value;
      case queue_notify -> core.notified(value);
      case device_status -> core.status(value);
      case config_msix_vector -> vectors.config(value);
      case queue_msix_vector -> vectors.queue(queue.value, value);
      default -> {
      }
    }
  }

  private void place(long page) {
    core.place(queue.value, 0, 1);
    core.size(queue.value, core.maximum(queue.value));
    if (!core.place(queue.value, page * PAGE, PAGE)) {
      core.place(queue.value, 0, 1);
      faults.report(RegisterFaults.Kind.BAD_VALUE, LegacyHeader.queue_address.offset, page);
    }
  }

  // ---- Signals

  @Override
  QueueVectors vectors() {
    return vectors;
  }

  @Override
  public void deviceReset() {
    vectors.clear();
    queue.value = 0;
    takeInterruptStatus();
  }

  @Override
  public void functionChanged() {
    access.functionChanged();
    slot.bus().decodeChanged();
  }
}
