// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.kit.Exits;

/** A device's way to memory as a bus master, by which who watches the machine is told of each transfer. */
final class WatchedDma implements DmaPort {
  private final DmaPort port;
  private final String device;
  private final Exits exits;

  /**
   * @param device its instance
   * @param exits  tells the watchers
   */
  WatchedDma(DmaPort port, String device, Exits exits) {
    this.port = port;
    this.device = device;
    this.exits = exits;
  }

  private void tell(long address, int length, boolean write) {
    exits.tell(watcher -> watcher.transferred(device, address, length, write));
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    if (exits.watched()) {
      tell(address, length, false);
    }
    port.read(address, into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    if (exits.watched()) {
      tell(address, length, true);
    }
    port.write(address, from, offset, length);
  }

  @Override
  public long read(long address, int size) {
    if (exits.watched()) {
      tell(address, size, false);
    }
    return port.read(address, size);
  }

  @Override
  public void write(long address, int size, long value) {
    if (exits.watched()) {
      tell(address, size, true);
    }
    port.write(address, size, value);
  }
}
