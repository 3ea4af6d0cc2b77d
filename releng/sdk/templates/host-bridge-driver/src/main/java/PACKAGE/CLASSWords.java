// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.xenolith.machine.api.PhysicalBus;

/**
 * The hardware, read by whole words: the bridge returns the lowest bytes of the word to a read of one or two, whichever were asked
 * for. Writes it takes as they are.
 */
record @CLASS@Words(PhysicalBus bus) implements PhysicalBus {

  @Override public long read(long address, int size) {
    return bus.read(address & ~3L, 4) >>> 8 * (address & 3) & 0xFFFF_FFFFL >>> 32 - 8 * size;
  }

  @Override public void write(long address, int size, long value) {
    bus.write(address, size, value);
  }
}
