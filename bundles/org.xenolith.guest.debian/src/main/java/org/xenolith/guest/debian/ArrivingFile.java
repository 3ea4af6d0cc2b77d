// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A file that somebody is writing, from its beginning to its end: who reads it waits for what hasn't come. Safe for a writer and a reader. */
final class ArrivingFile implements LongConsumer {
  private final Path path;
  private long arrived;
  private boolean whole;
  private boolean lost;

  ArrivingFile(Path path) {
    this.path = path;
  }

  /** @param bytes how many have been written in all */
  @Override
  public synchronized void accept(long bytes) {
    arrived = bytes;
    notifyAll();
  }

  /** All of it has been written. */
  synchronized void whole() {
    whole = true;
    notifyAll();
  }

  /** What has come isn't to be read any further; nothing happens when it had come as a whole. */
  synchronized void lost() {
    lost |= !whole;
    notifyAll();
  }

  /** Reads it from its beginning. A read ends with an exception once the file is lost. */
  InputStream open() throws IOException {
    FileChannel file = FileChannel.open(path);
    return new InputStream() {
      private long at;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        long more = length == 0 ? 0 : await(at);
        if (length == 0 || more == 0) {
          return length == 0 ? 0 : -1;
        }
        int count = file.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, more)));
        at += Math.max(count, 0);
        return count;
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  /** Waits until there is more than this; gives how much more, 0 at the end. */
  private synchronized long await(long at) throws IOException {
    try {
      while (!whole && !lost && arrived <= at) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    if (lost) {
      throw new IOException(path.getFileName() + " was not written to its end");
    }
    return whole ? Long.MAX_VALUE : arrived - at;
  }
}
