// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.regs.ListedRegister;

/** Fields of the common configuration structure (Virtual I/O Device 1.2, 4.1.4.3). */
enum CommonField {
  /** Which half of the offered features is read. */
  device_feature_select(0, 4),
  /** That half. */
  device_feature(4, 4),
  /** Which half of the accepted features is written. */
  driver_feature_select(8, 4),
  /** That half. */
  driver_feature(12, 4),
  /** Vector of configuration changes. */
  config_msix_vector(16, 2),
  /** Queues that there are. */
  num_queues(18, 2),
  /** Device status. */
  device_status(20, 1),
  /** Changes whenever the configuration may have. */
  config_generation(21, 1),
  /** The queue that the following fields mean. */
  queue_select(22, 2),
  /** Its size; at first the largest one, 0 if there is no such queue. */
  queue_size(24, 2),
  /** Its vector. */
  queue_msix_vector(26, 2),
  /** 1: the device may use it. */
  queue_enable(28, 2),
  /** Where it is notified, in units of the multiplier. */
  queue_notify_off(30, 2),
  /** Address of its descriptor table. */
  queue_desc(32, 8),
  /** Address of its available ring. */
  queue_driver(40, 8),
  /** Address of its used ring. */
  queue_device(48, 8);

  /** Bytes of the structure. */
  static final int LENGTH = 56;
  private static final CommonField[] BY_OFFSET = new CommonField[LENGTH];

  static {
    for (CommonField field : values()) {
      for (int i = 0; i < field.size; i++) {
        if (BY_OFFSET[field.offset + i] != null) {
          throw new IllegalStateException(field + " overlaps " + BY_OFFSET[field.offset + i]);
        }
        BY_OFFSET[field.offset + i] = field;
      }
    }
  }

  /** From the structure's first byte. */
  final int offset;
  /** In bytes. */
  final int size;

  CommonField(int offset, int size) {
    this.offset = offset;
    this.size = size;
  }

  /** All of them, for who looks into the machine. */
  static List<ListedRegister> registers() {
    return Stream.of(values()).map(field -> ListedRegister.of(field.name(), field.offset, field.size, "Virtual I/O Device 1.2, 4.1.4.3")
        .saidBy(CommonField.class))
        .toList();
  }

  /** The field that a byte is of; null behind the last one. */
  static CommonField at(long offset) {
    return offset < LENGTH ? BY_OFFSET[(int) offset] : null;
  }
}
