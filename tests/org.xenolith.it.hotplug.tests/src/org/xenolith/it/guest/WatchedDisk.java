// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.ForwardingDisk;

/** A disk that tells of the next read, on the machine's thread, after it was done. */
final class WatchedDisk implements ForwardingDisk {
  private final BlockDevice disk;
  private Runnable onRead;

  WatchedDisk(BlockDevice disk) {
    this.disk = disk;
  }

  @Override
  public BlockDevice disk() {
    return disk;
  }

  /** Runs once, after a read. */
  void onRead(Runnable action) {
    onRead = action;
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
}
