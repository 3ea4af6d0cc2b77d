package org.xenolith.hw.nvme;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A disk in memory that can be told to fail. */
final class MemoryDisk implements BlockDevice {
  final byte[] content;
  boolean readOnly;
  boolean broken;
  int flushes;
  long discarded;

  MemoryDisk(int sectors) {
    content = new byte[sectors * SECTOR];
  }

  @Override public long sectors() {
    return content.length / SECTOR;
  }

  @Override public boolean readOnly() {
    return readOnly;
  }

  private void check() throws IOException {
    if (broken) {
      throw new IOException("the disk is broken");
    }
  }

  @Override public void read(long sector, byte[] into, int offset, int count) throws IOException {
    check();
    System.arraycopy(content, (int) sector * SECTOR, into, offset, count * SECTOR);
  }

  @Override public void write(long sector, byte[] from, int offset, int count) throws IOException {
    check();
    System.arraycopy(from, offset, content, (int) sector * SECTOR, count * SECTOR);
  }

  @Override public void flush() throws IOException {
    check();
    flushes++;
  }

  @Override public void discard(long sector, long count) {
    discarded += count;
  }

  @Override public StateRecord save() {
    return new StateRecord();
  }

  @Override public void restore(StateRecord record) { }

  @Override public void close() { }
}
