// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;

/** One IOMMU's registers by the bus (48882, 3.4). Each access throws {@link ExternalAbort} while nothing answers. */
final class IommuRegisters {
  /** Address of the device table (51:12), pages of it less one (8:0). */
  static final int DEVICE_TABLE = 0x00;
  /** Address of the command buffer (51:12), log2 of its entries (59:56). */
  static final int COMMAND_BASE = 0x08;
  /** The same of the event log. */
  static final int EVENT_BASE = 0x10;
  static final int CONTROL = 0x18;
  static final int EXCLUSION_BASE = 0x20;
  static final int FEATURES = 0x30;
  static final int COMMAND_HEAD = 0x2000;
  static final int COMMAND_TAIL = 0x2008;
  static final int EVENT_HEAD = 0x2010;
  static final int EVENT_TAIL = 0x2018;
  static final int STATUS = 0x2020;
  /** Bytes of them, without performance counters. */
  static final int SIZE = 0x4000;
  /** Times something is read until it says what is waited for. */
  static final int POLLS = 1024;

  private final PhysicalBus bus;
  private final long base;

  IommuRegisters(PhysicalBus bus, long base) {
    this.bus = bus;
    this.base = base;
  }

  long read(int register) {
    return bus.read(base + register, 8);
  }

  /** Reads one that is never all ones, which it reads where a device was taken out. */
  long present(int register) {
    long value = read(register);
    if (value == -1) {
      throw ExternalAbort.INSTANCE;
    }
    return value;
  }

  void write(int register, long value) {
    bus.write(base + register, 8, value);
  }
}
