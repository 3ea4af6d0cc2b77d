// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.io.IOException;
import org.xenolith.block.api.BlockPort.SectorWatcher;

/** A disk whose sectors somebody sees. */
record WatchedDisk(BlockDevice disk, SectorWatcher watcher) implements ForwardingDisk {
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
}
