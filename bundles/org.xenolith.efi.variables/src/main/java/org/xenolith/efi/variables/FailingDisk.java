// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.ForwardingDisk;
import org.xenolith.regs.LongCell;

/** A disk one of whose writes fails, before it touches anything. */
final class FailingDisk implements ForwardingDisk {
  private final BlockDevice disk;
  private final long failing;
  private final LongCell writes;

  /**
   * @param failing which write fails, from 1 on; 0: none
   * @param writes  counts them
   */
  FailingDisk(BlockDevice disk, long failing, LongCell writes) {
    this.disk = disk;
    this.failing = failing;
    this.writes = writes;
  }

  @Override
  public BlockDevice disk() {
    return disk;
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    if (++writes.value == failing) {
      throw new IOException("write " + failing + " fails, as the option fail-write says");
    }
    disk.write(sector, from, offset, count);
  }
}
