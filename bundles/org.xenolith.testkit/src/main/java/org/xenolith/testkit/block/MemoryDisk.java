// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.block;

import java.io.IOException;
import java.util.Arrays;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A disk in memory that can be told to fail. */
public final class MemoryDisk implements BlockDevice {
  /** What is on it. */
  public final byte[] content;
  /** It takes no writes. */
  public boolean readOnly;
  /** Reads, writes and flushes fail. */
  public boolean broken;
  /** How often it was flushed. */
  public int flushes;
  /** Sectors that were written so far. */
  public long written;
  /** Sectors that were discarded so far. */
  public long discarded;

  /** A disk of zeros. @param sectors of 512 bytes */
  public MemoryDisk(int sectors) {
    content = new byte[sectors * SECTOR];
  }

  @Override
  public long sectors() {
    return content.length / SECTOR;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  private void check() throws IOException {
    if (broken) {
      throw new IOException("the disk is broken");
    }
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) throws IOException {
    check();
    System.arraycopy(content, (int) sector * SECTOR, into, offset, count * SECTOR);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    check();
    written += count;
    System.arraycopy(from, offset, content, (int) sector * SECTOR, count * SECTOR);
  }

  @Override
  public void flush() throws IOException {
    check();
    flushes++;
  }

  @Override
  public void discard(long sector, long count) {
    discarded += count;
    Arrays.fill(content, (int) sector * SECTOR, (int) (sector + count) * SECTOR, (byte) 0);
  }

  @Override
  public StateRecord save() {
    return new StateRecord();
  }

  @Override
  public void restore(StateRecord record) {}

  @Override
  public void close() {}
}
