// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A small blank disk in memory that is damaged when asked to, or stops in the middle of a write. A request outside it is a finding. */
public final class StoreDisk implements BlockDevice {
  private static final int SECTORS = 48;
  final byte[] bytes = new byte[SECTORS * SECTOR];
  private int untilFailure = -1;
  private int torn;

  /** The write after so many others puts so many bytes on the disk and fails. */
  void failAfter(int writes, int bytesWritten) {
    untilFailure = writes;
    torn = bytesWritten;
  }

  /** No write fails any more. */
  void mend() {
    untilFailure = -1;
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
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    int length = Math.multiplyExact(count, SECTOR);
    boolean fails = untilFailure >= 0 && untilFailure-- == 0;
    System.arraycopy(from, offset, bytes, Math.toIntExact(sector * SECTOR), fails ? Math.min(torn, length) : length);
    if (fails) {
      throw new IOException("the power went");
    }
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
