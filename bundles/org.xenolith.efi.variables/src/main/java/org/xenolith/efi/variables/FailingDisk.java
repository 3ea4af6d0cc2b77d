// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateRecord;

/** A disk one of whose writes fails, before it touches anything. */
final class FailingDisk implements BlockDevice {
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
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    if (++writes.value == failing) {
      throw new IOException("write " + failing + " fails, as the option fail-write says");
    }
    disk.write(sector, from, offset, count);
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
