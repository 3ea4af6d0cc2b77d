// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

/** Where things are in the memory of a machine whose devices are attacked. */
final class Place {
  static final long RAM = 0x4000_0000L;
  static final int SIZE = 0x8_0000;
  static final int PAGE = 0x1000;
  /** A page that nothing is told of, below all that lengths reach from what is, but for the page below it. */
  static final long CANARY = RAM + PAGE;
  /** A stream table, in the attack on the SMMU. */
  static final long STREAMS = RAM + 0x2000;
  /** The queue of the SMMU's commands there. */
  static final long COMMANDS = RAM + 0x3000;
  static final long CODE = RAM + 0x4000;
  static final long SCRIPT = RAM + 0x8000;
  static final int SCRIPT_SIZE = 0x8000;
  /** Pending bits of LPIs, and behind them the other tables of the GIC and the ITS. */
  static final long PENDING = RAM + 0x1_0000;
  static final long PROPERTIES = RAM + 0x1_1000;
  static final long ITS_COMMANDS = RAM + 0x1_3000;
  static final long ITS_DEVICES = RAM + 0x1_4000;
  static final long ITS_COLLECTIONS = RAM + 0x1_5000;
  /** Tables of events, 256 bytes a device. */
  static final long ITS_EVENTS = RAM + 0x1_6000;
  /** Queues and buffers of devices. */
  static final long DEVICES = RAM + 0x2_0000;

  static final long GICD = 0x0800_0000;
  static final long GICC = 0x0801_0000;
  static final long GICH = 0x0803_0000;
  static final long GICV = 0x0804_0000;
  static final long GICR = 0x080A_0000;
  static final long ITS = 0x0808_0000;
  static final long DOORBELL = ITS + 0x1_0040;
  static final long UART = 0x0900_0000;
  static final long VIRTIO = 0x0A00_0000;
  static final int VIRTIO_SIZE = 0x200;
  static final long ECAM = 0x40_1000_0000L;
  static final long SMMU = 0x0905_0000;
  /** BARs: a mebibyte a device. */
  static final long BARS = 0x1000_0000;

  private Place() {}

  /** Configuration space of a device on the root bus. */
  static long config(int device) {
    return ECAM + ((long) device << 15);
  }

  static long bar(int device) {
    return BARS + ((long) device << 20);
  }
}
