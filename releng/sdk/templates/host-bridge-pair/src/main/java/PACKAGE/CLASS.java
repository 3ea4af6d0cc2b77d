// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * A host bridge that makes configuration cycles by two registers: the index says of which function and register, an access to the
 * data register makes the cycle. The index is PCI's configuration address: enable in bit 31, bus in 23:16, device and function in
 * 15:8, register in 7:2. What all bridges have, the bus, windows, pins and requests, is {@link PciHost}'s.
 */
final class @CLASS@ implements DeviceModel, MmioHandler {
  static final int INDEX = 0;
  static final int DATA = 4;
  static final long ENABLE = 1L << 31;
  private static final long INDEX_BITS = ENABLE | 0xFF_FFFCL;

  /** What is listed here is reset, snapshotted and handed over to another version: one may come between index and data. */
  private final DeviceState state = new DeviceState();
  private final LongCell index = state.cell("index", 0);
  private final PciHost host;

  @CLASS@(DeviceContext context) {
    context.bus().window(0, AccessRule.UP_TO_WORD, this);
    host = new PciHost(context);
    host.claimRanges();
  }

  @Override public long read(long offset, int size) {
    if (offset < DATA) {
      return index.value >>> 8 * offset;
    }
    return offset < DATA + 4 && enabled() ? host.readConfig(bus(), function(), register(offset), size) & 0xFFFF_FFFFL : -1;
  }

  @Override public void write(long offset, int size, long value) {
    if (offset == INDEX && size == 4) {
      index.value = value & INDEX_BITS;
    } else if (offset >= DATA && offset < DATA + 4 && enabled()) {
      host.writeConfig(bus(), function(), register(offset), size, (int) value);
    }
  }

  private boolean enabled() {
    return (index.value & ENABLE) != 0;
  }

  private int bus() {
    return (int) (index.value >>> 16) & 0xFF;
  }

  private int function() {
    return (int) (index.value >>> 8) & 0xFF;
  }

  /** Byte lanes are those of the data register. */
  private int register(long offset) {
    return (int) index.value & 0xFC | (int) offset & 3;
  }

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() {
    state.reset();
  }

  @Override public void removed() {
    host.removed();
  }
}
