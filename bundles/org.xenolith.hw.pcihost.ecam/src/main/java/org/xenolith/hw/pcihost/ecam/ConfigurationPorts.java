// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.LongCell;

/**
 * Configuration mechanism #1 of PCs (PCI Local Bus 3.0, 3.2.2.3.2): CONFIG_ADDRESS, which is one in accesses of 32 bits only, and behind it the four bytes of
 * CONFIG_DATA, which reach 256 bytes of each function.
 */
final class ConfigurationPorts implements MmioHandler {
  private static final int DATA = 4;
  private static final long ENABLE = 1L << 31;
  /** Bus, device, function and register. */
  private static final long PLACE = 0xFF_FFFC;
  private static final int REGISTER = 0xFC;
  /** From bus, device and function in an address to where an ECAM has them. */
  private static final int TO_ECAM = 4;

  private final MmioHandler ecam;
  private final long firstBus;
  private final LongCell address;

  /**
   * @param ecam     answers offsets of an ECAM whose first byte is bus {@code firstBus}'s
   * @param address  CONFIG_ADDRESS
   */
  ConfigurationPorts(MmioHandler ecam, int firstBus, LongCell address) {
    this.ecam = ecam;
    this.firstBus = firstBus;
    this.address = address;
  }

  /** Where an ECAM has a byte of CONFIG_DATA; negative if that reaches nothing. */
  private long place(long offset) {
    if ((address.value & ENABLE) == 0) {
      return -1;
    }
    long function = address.value & PLACE & ~REGISTER;
    return (function << TO_ECAM) + (address.value & REGISTER) + (offset - DATA) - (firstBus << 20);
  }

  @Override
  public long read(long offset, int size) {
    if (offset < DATA) {
      return offset == 0 && size == DATA ? address.value : -1L;
    }
    long at = place(offset);
    return at < 0 ? -1L : ecam.read(at, size);
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset < DATA) {
      if (offset == 0 && size == DATA) {
        address.value = value & (ENABLE | PLACE);
      }
      return;
    }
    long at = place(offset);
    if (at >= 0) {
      ecam.write(at, size, value);
    }
  }
}
