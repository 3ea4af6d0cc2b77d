// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.Capability.Field;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.kit.TransportCore;

/** The PCI transport of virtio 1.x: an endpoint with one BAR in front of a {@link TransportCore}. */
final class VirtioPci extends PciTransport {
  /** One vector for each queue, and one for configuration changes. */
  static final int VECTORS = TransportCore.QUEUES + 1;
  /** The device id of virtio device 0, which means that there is none. */
  static final int FIRST_DEVICE = 0x1040;
  /** The BAR of all structures. */
  static final int BAR = 0;
  static final int BAR_SIZE = 0x8000;
  static final int VENDOR = 0x1AF4;
  private static final int SUBSYSTEM = 0x1100;
  static final int OTHER_DEVICE = 0xFF_0000;
  private static final int STRUCTURE = 0x1000;
  private static final int INTERRUPT_STATUS = 0x1000;
  private static final int CONFIG = 0x2000;
  private static final int NOTIFY = 0x3000;
  private static final int MSIX_TABLE = 0x4000;
  private static final int MSIX_PENDING = 0x5000;
  private static final int NOTIFY_MULTIPLIER = 4;
  private static final int VENDOR_SPECIFIC = 0x09;

  private final CommonConfig common;

  VirtioPci(DeviceContext context) {
    ConfigTable table = ConfigTable.endpoint(VENDOR, FIRST_DEVICE, OTHER_DEVICE, 1).subsystem(VENDOR, SUBSYSTEM).pin(1)
        .bar(BAR, BarKind.MEMORY64, BAR_SIZE)
        // The first of its kind, so that it is found.
        .capability(structure(5, 20, 0, 0, List.of(new Field(4, 1, 0, 0xFF, 0), new Field(8, 4, 0, -1, 0),
            new Field(12, 4, 0, -1, 0), new Field(16, 4, 0, -1, 0))))
        .capability(structure(1, 16, 0, CommonField.LENGTH, List.of()))
        .capability(structure(2, 20, NOTIFY, NOTIFY_MULTIPLIER * TransportCore.QUEUES, List.of(new Field(16, 4, NOTIFY_MULTIPLIER, 0, 0))))
        .capability(structure(3, 16, INTERRUPT_STATUS, 1, List.of()))
        .capability(structure(4, 16, CONFIG, STRUCTURE, List.of()))
        .capability(Capability.powerManagement(true)).capability(Capability.express(Capability.Express.ENDPOINT))
        .capability(Capability.msix(VECTORS, BAR, MSIX_TABLE, MSIX_PENDING)).build();
    super(context, table, false);
    common = new CommonConfig(state, core, context.faults());
    plug(new ConfigAccess(endpoint, this, core, table.capability(VENDOR_SPECIFIC)));
  }

  /** A structure's place (4.1.4). */
  private static Capability structure(int type, int capabilityLength, int offset, int length, List<Field> more) {
    List<Field> fields = new ArrayList<>(List.of(new Field(2, 1, capabilityLength, 0, 0), new Field(3, 1, type, 0, 0),
        new Field(4, 1, BAR, 0, 0), new Field(8, 4, offset, 0, 0), new Field(12, 4, length, 0, 0)));
    fields.addAll(more);
    return new Capability(VENDOR_SPECIFIC, false, 0, capabilityLength, fields);
  }

  // ---- The BAR

  @Override
  public long readBar(int bar, long offset, int size) {
    return switch ((int) offset / STRUCTURE) {
      case 0 -> common.read(offset, size);
      case INTERRUPT_STATUS / STRUCTURE -> offset == INTERRUPT_STATUS ? takeInterruptStatus() : 0;
      case CONFIG / STRUCTURE -> {
        VirtioFunction function = core.function();
        yield function == null ? 0 : function.readConfig((int) offset - CONFIG, size);
      }
      default -> 0;
    };
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    switch ((int) offset / STRUCTURE) {
      case 0 -> common.write(offset, size, value);
      case CONFIG / STRUCTURE -> {
        VirtioFunction function = core.function();
        if (function != null) {
          function.writeConfig((int) offset - CONFIG, size, value);
        }
      }
      // Where it is written says which queue is meant; the value is the same number (4.1.4.4).
      case NOTIFY / STRUCTURE -> core.notified((offset - NOTIFY) / NOTIFY_MULTIPLIER);
      default -> {
      }
    }
  }

  // ---- Signals

  @Override
  QueueVectors vectors() {
    return common.vectors();
  }

  @Override
  public void deviceReset() {
    common.clear();
    takeInterruptStatus();
  }

  /** Without a function there may be nothing to decode. */
  @Override
  public void functionChanged() {
    slot.bus().decodeChanged();
  }
}
