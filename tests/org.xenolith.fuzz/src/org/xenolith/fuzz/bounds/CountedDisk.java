// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A disk, of 2 TiB if not said otherwise, that keeps nothing and counts what a device does with it. */
final class CountedDisk implements BlockDevice {
  private static final long SECTORS = 1L << 32;

  private final CountedMemory counts;
  private final long sectors;

  CountedDisk(CountedMemory counts) {
    this(counts, SECTORS);
  }

  CountedDisk(CountedMemory counts, long sectors) {
    this.counts = counts;
    this.sectors = sectors;
  }

  @Override
  public long sectors() {
    return sectors;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) {
    counts.add((long) count * SECTOR);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) {
    counts.add((long) count * SECTOR);
  }

  @Override
  public void discard(long sector, long count) {
    counts.add(0);
  }

  @Override
  public void flush() {
    counts.add(0);
  }

  @Override
  public StateRecord save() {
    return new StateRecord();
  }

  @Override
  public void restore(StateRecord record) {
    // keeps nothing
  }

  @Override
  public void close() {
    // has nothing
  }
}
