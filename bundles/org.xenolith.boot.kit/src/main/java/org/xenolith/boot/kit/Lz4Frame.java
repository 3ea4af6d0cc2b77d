// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** LZ4's legacy frame, in which kernels are packed: its magic, and blocks behind their packed length (LZ4 Frame Format, "Legacy frame"; LZ4 Block Format). */
final class Lz4Frame {
  private static final int MAGIC = 0x184C_2102;
  /** What comes out of a block at most, by the format. */
  private static final int BLOCK = 8 << 20;
  private static final int SHORTEST_MATCH = 4;
  /** A length of four bits that goes on in bytes, of which the last isn't 255. */
  private static final int MORE = 15;
  private static final int LONGER = 255;

  private final byte[] in;
  private byte[] out = new byte[1 << 16];
  private int at;
  private int made;

  private Lz4Frame(byte[] in) {
    this.in = in;
  }

  /** Unpacks a file that is one. @throws IOException if it is damaged; the message says where */
  static void unpack(byte[] file, KernelPacking.Sink sink) throws IOException {
    new Lz4Frame(file).blocks(sink);
  }

  private void blocks(KernelPacking.Sink sink) throws IOException {
    ByteBuffer words = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
    at = Integer.BYTES;
    while (at + Integer.BYTES <= in.length) {
      int length = words.getInt(at);
      at += Integer.BYTES;
      if (length == MAGIC) {
        continue;
      }
      if (length <= 0 || length > in.length - at) {
        throw new IOException("an LZ4 block at byte " + at + " is said to have " + Integer.toUnsignedString(length) + " bytes");
      }
      made = 0;
      block(at + length);
      sink.take(out, 0, made);
    }
  }

  /** Sequences of literals and a match each; the last one has no match. */
  private void block(int end) throws IOException {
    while (at < end) {
      int token = in[at++] & 0xFF;
      long literals = length(token >>> 4, end);
      if (literals > end - at) {
        throw damaged("names more literals than its block has");
      }
      room(literals);
      System.arraycopy(in, at, out, made, (int) literals);
      at += (int) literals;
      made += (int) literals;
      if (at < end) {
        match(token & MORE, end);
      }
    }
  }

  /** Bytes that came out before, perhaps some of this very match. */
  private void match(int bits, int end) throws IOException {
    if (end - at < 2) {
      throw damaged("is cut off in its match");
    }
    int distance = in[at] & 0xFF | (in[at + 1] & 0xFF) << 8;
    at += 2;
    long length = length(bits, end) + SHORTEST_MATCH;
    if (distance == 0 || distance > made) {
      throw damaged("leads before what came out");
    }
    room(length);
    for (int i = 0; i < length; i++, made++) {
      out[made] = out[made - distance];
    }
  }

  private long length(int bits, int end) throws IOException {
    long length = bits;
    for (int more = bits == MORE ? LONGER : 0; more == LONGER; length += more) {
      if (at >= end) {
        throw damaged("is cut off in a length");
      }
      more = in[at++] & 0xFF;
    }
    return length;
  }

  private void room(long bytes) throws IOException {
    if (made + bytes > BLOCK) {
      throw damaged("makes a block of more than " + BLOCK + " bytes");
    }
    if (made + bytes > out.length) {
      out = Arrays.copyOf(out, (int) Math.max(made + bytes, Math.min(BLOCK, 2L * out.length)));
    }
  }

  private IOException damaged(String why) {
    return new IOException("an LZ4 sequence before byte " + at + " " + why);
  }
}
