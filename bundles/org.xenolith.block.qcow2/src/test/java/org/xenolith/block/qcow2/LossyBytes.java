// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xenolith.block.kit.ImageBytes;

/** What a host has of an image: what was flushed, and writes since, of which each sector by itself lasts or doesn't when the power goes. */
final class LossyBytes implements ImageBytes {
  private static final int SECTOR = 512;
  private byte[] now;
  private byte[] durable;
  private final List<int[]> since = new ArrayList<>();
  private final Runnable before;

  /** @param before runs before each write and each flush */
  LossyBytes(byte[] content, Runnable before) {
    now = content.clone();
    durable = content.clone();
    this.before = before;
  }

  /** What is left if the power goes now. */
  byte[] left(Random random) {
    byte[] left = Arrays.copyOf(durable, durable.length);
    for (int[] write : since) {
      for (int at = write[0]; at < write[0] + write[1]; at += SECTOR - at % SECTOR) {
        if (random.nextBoolean()) {
          int end = Math.min(write[0] + write[1], at + SECTOR - at % SECTOR);
          left = end > left.length ? Arrays.copyOf(left, end) : left;
          System.arraycopy(now, at, left, at, end - at);
        }
      }
    }
    return left;
  }

  byte[] content() {
    return now;
  }

  @Override
  public long length() {
    return now.length;
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    if (position < 0 || position + bytes > now.length) {
      throw new IOException("the test's image ends at " + now.length + ", and is read at " + position);
    }
    System.arraycopy(now, (int) position, into, offset, bytes);
  }

  @Override
  public void write(long position, byte[] from, int offset, int bytes) {
    before.run();
    if (position + bytes > now.length) {
      now = Arrays.copyOf(now, (int) position + bytes);
    }
    System.arraycopy(from, offset, now, (int) position, bytes);
    since.add(new int[] {(int) position, bytes});
  }

  @Override
  public void flush() {
    before.run();
    durable = now.clone();
    since.clear();
  }

  @Override
  public void close() {}
}
