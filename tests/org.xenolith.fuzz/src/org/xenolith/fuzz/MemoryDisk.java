// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A small disk; a request outside it is the back end's fault, and an exception says so. */
final class MemoryDisk implements BlockDevice {
  private static final int SECTORS = 128;
  private final byte[] bytes = new byte[SECTORS * SECTOR];

  MemoryDisk() {
    java.util.Arrays.fill(bytes, (byte) 0xD1);
  }

  @Override
  public long sectors() {
    return SECTORS;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) {
    System.arraycopy(bytes, Math.toIntExact(sector * SECTOR), into, offset, Math.multiplyExact(count, SECTOR));
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) {
    System.arraycopy(from, offset, bytes, Math.toIntExact(sector * SECTOR), Math.multiplyExact(count, SECTOR));
  }

  @Override
  public void discard(long sector, long count) {
    java.util.Arrays.fill(bytes, Math.toIntExact(sector * SECTOR), Math.toIntExact((sector + count) * SECTOR), (byte) 0);
  }

  @Override
  public void flush() {}

  @Override
  public StateRecord save() {
    throw new UnsupportedOperationException("nobody saves a fuzzed machine");
  }

  @Override
  public void restore(StateRecord record) {
    throw new UnsupportedOperationException("nobody restores a fuzzed machine");
  }

  @Override
  public void close() {}
}
