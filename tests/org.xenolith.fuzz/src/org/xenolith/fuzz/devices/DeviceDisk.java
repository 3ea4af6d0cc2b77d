// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.Arrays;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A small disk in memory; a request outside it, or a write where none is allowed, is the controller's fault, and an exception says so. */
final class DeviceDisk implements BlockDevice {
  static final int SECTORS = 128;
  private static final String CONTENT = "content";

  private final boolean readOnly;
  private final byte[] bytes;
  /** What it was made equal to last, unless it was written since. */
  private StateRecord same;
  private boolean written;

  DeviceDisk(boolean readOnly) {
    this(readOnly, SECTORS);
  }

  DeviceDisk(boolean readOnly, int sectors) {
    this.readOnly = readOnly;
    bytes = new byte[sectors * SECTOR];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (0xD0 + i / SECTOR);
    }
  }

  /** What it holds now; not to be changed. */
  byte[] content() {
    return bytes;
  }

  /** Whether it was written since it was restored. */
  boolean written() {
    return written;
  }

  @Override
  public long sectors() {
    return bytes.length / SECTOR;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) {
    System.arraycopy(bytes, Math.toIntExact(sector * SECTOR), into, offset, Math.multiplyExact(count, SECTOR));
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) {
    change();
    System.arraycopy(from, offset, bytes, Math.toIntExact(sector * SECTOR), Math.multiplyExact(count, SECTOR));
  }

  @Override
  public void discard(long sector, long count) {
    change();
    Arrays.fill(bytes, Math.toIntExact(sector * SECTOR), Math.toIntExact((sector + count) * SECTOR), (byte) 0);
  }

  private void change() {
    if (readOnly) {
      throw new IllegalStateException("a disk that is read-only was written");
    }
    same = null;
    written = true;
  }

  @Override
  public void flush() {}

  @Override
  public StateRecord save() {
    StateRecord record = new StateRecord();
    record.put(CONTENT, bytes.clone());
    return record;
  }

  @Override
  public void restore(StateRecord record) {
    if (same != record) {
      System.arraycopy((byte[]) record.get(CONTENT), 0, bytes, 0, bytes.length);
      same = record;
    }
    written = false;
  }

  @Override
  public void close() {}
}
