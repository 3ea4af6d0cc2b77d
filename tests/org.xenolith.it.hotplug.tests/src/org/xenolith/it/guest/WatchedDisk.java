// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A disk that tells of the next read, on the machine's thread, after it was done. */
final class WatchedDisk implements BlockDevice {
  private final BlockDevice disk;
  private Runnable onRead;

  WatchedDisk(BlockDevice disk) {
    this.disk = disk;
  }

  /** Runs once, after a read. */
  void onRead(Runnable action) {
    onRead = action;
  }

  @Override
  public long sectors() {
    return disk.sectors();
  }

  @Override
  public boolean readOnly() {
    return disk.readOnly();
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) throws IOException {
    disk.read(sector, into, offset, count);
    Runnable action = onRead;
    onRead = null;
    if (action != null) {
      action.run();
    }
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    disk.write(sector, from, offset, count);
  }

  @Override
  public void flush() throws IOException {
    disk.flush();
  }

  @Override
  public StateRecord save() throws IOException {
    return disk.save();
  }

  @Override
  public void restore(StateRecord record) throws IOException {
    disk.restore(record);
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
