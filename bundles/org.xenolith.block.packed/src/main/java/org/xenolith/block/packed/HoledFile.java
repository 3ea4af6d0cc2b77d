// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.packed;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.xenolith.block.kit.ForeignDisk;

/** A raw image that is written from its begin to its end, with holes where it has blocks of zeros. What is in another format is refused as soon as that is seen. */
final class HoledFile implements Closeable {
  /** A hole of less is none to most file systems. */
  private static final int BLOCK = 4096;
  private static final int PIECE = 64 * BLOCK;
  private static final int MARKS = 512;

  private final FileChannel channel;
  private final long most;
  private final byte[] piece = new byte[PIECE];
  private int filled;
  /** Where the piece goes. */
  private long at;
  /** The last bytes that there are, as many as marks are looked for in. */
  private final byte[] begin = new byte[MARKS];

  /** What came out isn't a raw image. */
  static final class Foreign extends IOException {
    private static final long serialVersionUID = 1L;

    Foreign(String what) {
      super(what);
    }
  }

  /** @param most bytes that it may have */
  HoledFile(Path file, long most) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE,
        StandardOpenOption.SPARSE);
    this.most = most;
  }

  long length() {
    return at + filled;
  }

  /** Adds bytes. */
  void write(byte[] from, int offset, int bytes) throws IOException {
    if (bytes > most - length()) {
      throw new IOException("more than " + most + " bytes come out, the most that a raw disk image can have");
    }
    for (int done = 0; done < bytes;) {
      int count = Math.min(bytes - done, PIECE - filled);
      System.arraycopy(from, offset + done, piece, filled, count);
      filled += count;
      done += count;
      if (filled == PIECE) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    if (at == 0) {
      System.arraycopy(piece, 0, begin, 0, Math.min(filled, MARKS));
      refuse(Arrays.copyOf(begin, Math.min(filled, MARKS)), new byte[0]);
    }
    for (int block = 0; block < filled; block += BLOCK) {
      int end = Math.min(block + BLOCK, filled);
      if (!zeros(block, end)) {
        ByteBuffer content = ByteBuffer.wrap(piece, block, end - block);
        for (long to = at + block; content.hasRemaining();) {
          to += channel.write(content, to);
        }
      }
    }
    at += filled;
    filled = 0;
  }

  private boolean zeros(int from, int end) {
    for (int i = from; i < end; i++) {
      if (piece[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** All is there. @throws IOException if it is nothing, or no raw image */
  void end() throws IOException {
    flush();
    if (at == 0) {
      throw new IOException("nothing is in it");
    }
    if (channel.size() < at) {
      channel.write(ByteBuffer.allocate(1), at - 1);
    }
    ByteBuffer last = ByteBuffer.allocate((int) Math.min(MARKS, at));
    while (last.hasRemaining() && channel.read(last, at - last.capacity() + last.position()) >= 0) {
      // more of it
    }
    refuse(Arrays.copyOf(begin, last.capacity()), last.array());
  }

  private static void refuse(byte[] begin, byte[] end) throws Foreign {
    var foreign = ForeignDisk.of(begin, end);
    if (foreign.isPresent()) {
      throw new Foreign(foreign.get().name());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
