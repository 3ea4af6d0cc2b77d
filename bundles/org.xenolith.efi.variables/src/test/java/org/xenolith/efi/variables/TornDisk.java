// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.StateRecord;

/** A disk in memory that remembers every write, so that it can be shown as it was in the middle of one; and fails when it is told to. */
final class TornDisk implements BlockDevice {
  /** What is on it. */
  byte[] content;
  /** Every write so far. */
  final List<Write> writes = new ArrayList<>();
  /** How many writes there had been at each flush. */
  final List<Integer> flushes = new ArrayList<>();
  /** The write or flush that fails, counted from 0 on from now; negative: none. */
  int failIn = -1;
  /** Whether what fails is done all the same. */
  boolean failsAfterwards;
  boolean readOnly;
  /** Sector that can't be read; -1: none. */
  long unreadable = -1;

  /** Bytes that were written somewhere. */
  record Write(int at, byte[] bytes) {}

  TornDisk(int sectors) {
    content = new byte[sectors * SECTOR];
  }

  TornDisk(byte[] content) {
    this.content = content.clone();
  }

  private boolean fails() {
    return failIn >= 0 && failIn-- == 0;
  }

  @Override
  public long sectors() {
    return content.length / SECTOR;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) throws IOException {
    if (unreadable >= sector && unreadable < sector + count) {
      throw new IOException("bad sector");
    }
    System.arraycopy(content, (int) sector * SECTOR, into, offset, count * SECTOR);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    boolean fails = fails();
    if (!fails || failsAfterwards) {
      byte[] bytes = new byte[count * SECTOR];
      System.arraycopy(from, offset, bytes, 0, bytes.length);
      writes.add(new Write((int) sector * SECTOR, bytes));
      System.arraycopy(bytes, 0, content, (int) sector * SECTOR, bytes.length);
    }
    if (fails) {
      throw new IOException("write fails");
    }
  }

  @Override
  public void flush() throws IOException {
    if (fails()) {
      throw new IOException("flush fails");
    }
    flushes.add(writes.size());
  }

  @Override
  public StateRecord save() {
    StateRecord record = new StateRecord();
    record.put("content", content.clone());
    return record;
  }

  @Override
  public void restore(StateRecord record) {
    content = ((byte[]) record.get("content")).clone();
  }

  @Override
  public void close() {}
}
