// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.io.IOException;
import org.xenolith.block.api.BlockPort.SectorWatcher;
import org.xenolith.regs.StateRecord;

/** A disk whose sectors somebody sees. */
record WatchedDisk(BlockDevice disk, SectorWatcher watcher) implements BlockDevice {
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
    watcher.passes(sector, count, into, offset, false);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    watcher.passes(sector, count, from, offset, true);
    disk.write(sector, from, offset, count);
  }

  @Override
  public void flush() throws IOException {
    disk.flush();
  }

  @Override
  public void discard(long sector, long count) throws IOException {
    disk.discard(sector, count);
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
