// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.Arrays;
import org.xenolith.machine.api.DirectWindow;

/** The memory of a window without a machine: it outlives the models of its node, which say anew whether it is direct. */
public final class FakeDirectWindow implements DirectWindow {
  private final byte[] bytes;
  private boolean direct;

  FakeDirectWindow(long size, int blank) {
    bytes = new byte[Math.toIntExact(size)];
    Arrays.fill(bytes, (byte) blank);
  }

  /** Whether reads go to the bytes now. */
  public boolean direct() {
    return direct;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void direct(boolean on) {
    direct = on;
  }

  @Override
  public long read(long offset, int size) {
    check(offset, size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[(int) offset + i] & 0xFFL) << 8 * i;
    }
    return value;
  }

  @Override
  public void write(long offset, int size, long value) {
    check(offset, size);
    for (int i = 0; i < size; i++) {
      bytes[(int) offset + i] = (byte) (value >>> 8 * i);
    }
  }

  @Override
  public void read(long offset, byte[] into, int at, int length) {
    System.arraycopy(bytes, (int) offset, into, at, length);
  }

  @Override
  public void write(long offset, byte[] from, int at, int length) {
    System.arraycopy(from, at, bytes, (int) offset, length);
  }

  @Override
  public void fill(long offset, long length, int value) {
    Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) value);
  }

  private void check(long offset, int size) {
    if (offset < 0 || offset > bytes.length - size || offset % size != 0) {
      throw new IllegalArgumentException(size + " bytes at 0x" + Long.toHexString(offset) + ": expected aligned ones in the window");
    }
  }
}
