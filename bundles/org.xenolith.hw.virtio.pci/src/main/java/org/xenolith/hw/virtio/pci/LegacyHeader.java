// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.regs.ListedRegister;

/** The header of the legacy interface in I/O space (Virtual I/O Device 1.2, 4.1.4.8). The device's configuration is behind it. */
enum LegacyHeader {
  /** What the device offers. */
  device_feature(0, 4),
  /** What the driver accepts. */
  driver_feature(4, 4),
  /** Page of 4096 bytes in which the queue begins; 0 while there is none. */
  queue_address(8, 4),
  /** Its size, which the driver can't choose. */
  queue_size(12, 2),
  /** The queue that the two before and its vector mean. */
  queue_select(14, 2),
  /** Number of the queue that has new buffers. */
  queue_notify(16, 2),
  /** Device status. */
  device_status(18, 1),
  /** Bit 0: used buffers, bit 1: configuration change; reading it makes the interrupt quiet. */
  isr_status(19, 1),
  /** Vector of configuration changes; here only while MSI-X is enabled. */
  config_msix_vector(20, 2),
  /** Vector of the queue; here only while MSI-X is enabled. */
  queue_msix_vector(22, 2);

  /** Where the device's configuration begins without MSI-X. */
  static final int LENGTH = 20;
  /** Where it begins while MSI-X is enabled. */
  static final int LENGTH_WITH_VECTORS = 24;

  /** From the BAR's first byte. */
  final int offset;
  /** In bytes. */
  final int size;

  LegacyHeader(int offset, int size) {
    this.offset = offset;
    this.size = size;
  }

  /** All of them, for who looks into the machine. */
  static List<ListedRegister> registers() {
    return Stream.of(values()).map(field -> ListedRegister.of(field.name(), field.offset, field.size, "Virtual I/O Device 1.2, 4.1.4.8")
        .saidBy(LegacyHeader.class)).toList();
  }

  /** The field that begins at a byte and has so many; null if there is none. */
  static LegacyHeader at(long offset, int size) {
    for (LegacyHeader field : values()) {
      if (field.offset == offset && field.size == size) {
        return field;
      }
    }
    return null;
  }
}
