// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * LZ4's legacy frame, in which kernels are packed: its magic, and blocks that begin with their packed length (LZ4 Frame Format, "Legacy frame"; LZ4 Block Format). From
 * array to array: streams, which go byte by byte, take most of a PC's start.
 */
public final class LegacyLz4 {
  private static final int MAGIC = 0x184C_2102;
  /** The shortest match. */
  private static final int MATCH = 4;
  /** A length of four bits that goes on in bytes, of which the last isn't 255. */
  private static final int MORE = 15;
  private static final int LONGER = 255;
  /** No byte of a block makes more. */
  private static final long MOST = 255;
  /** What a block has in it at most, by the format. */
  private static final int BLOCK = 8 << 20;
  /** No array has more bytes, on any JVM. */
  private static final int ARRAY = Integer.MAX_VALUE - 16;

  private final byte[] in;
  /** Where the frame begins. */
  private final int begin;
  /** Where it ends. */
  private final int frameEnd;
  private final long limit;
  private final Sink sink;
  /** What came out of the blocks before. */
  private long earlier;
  /** Of one block. */
  private byte[] out = {};
  private int at;
  private int made;

  /** What comes out is more than may. */
  public static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("more than " + limit + " bytes come out");
    }
  }

  /** Takes what comes out, block by block. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes what came out of a block.
     *
     * @param bytes  begins with it, and is overwritten afterwards
     * @param length how many bytes it is
     * @throws IOException if it can't be taken
     */
    void take(byte[] bytes, int length) throws IOException;
  }

  private LegacyLz4(byte[] in, int from, int end, long limit, Sink sink) {
    this.in = in;
    begin = from;
    frameEnd = end;
    this.limit = limit;
    this.sink = sink;
  }

  /**
   * Unpacks a frame.
   *
   * @param file  what has it, from one byte up to another
   * @param limit the most bytes that may come out
   * @param sink  takes them
   * @throws TooLarge    if it is more
   * @throws IOException if the frame is damaged; the message says where
   */
  public static void unpack(byte[] file, int from, int end, long limit, Sink sink) throws IOException {
    Objects.checkFromToIndex(from, end, file.length);
    new LegacyLz4(file, from, end, limit, sink).frame();
  }

  private void frame() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
    at = begin + 4;
    while (at + 4 <= frameEnd) {
      int length = bytes.getInt(at);
      at += 4;
      if (length == MAGIC) {
        continue;
      }
      if (length <= 0 || length > frameEnd - at) {
        throw new IOException("an LZ4 block at byte " + (at - begin) + " of the payload is said to have " + Integer.toUnsignedString(length)
            + " bytes");
      }
      int most = (int) Math.min(BLOCK, MOST * length);
      if (out.length < most) {
        out = new byte[most];
      }
      made = 0;
      block(at + length);
      sink.take(out, made);
      earlier += made;
    }
  }

  /** Sequences of literals and a match each; the last one has no match. */
  private void block(int end) throws IOException {
    while (at < end) {
      int token = in[at++] & 0xFF;
      long literals = length(token >>> 4, end);
      if (literals > end - at) {
        throw damaged("names " + literals + " literals, and its block ends " + (end - at) + " bytes behind it");
      }
      room(literals);
      System.arraycopy(in, at, out, made, (int) literals);
      at += (int) literals;
      made += (int) literals;
      if (at < end) {
        match(token & 0xF, end);
      }
    }
  }

  /** Bytes that came out of this block before, perhaps some of this very match. */
  private void match(int bits, int end) throws IOException {
    if (end - at < 2) {
      throw damaged("is cut off in its match");
    }
    int distance = in[at] & 0xFF | (in[at + 1] & 0xFF) << 8;
    at += 2;
    long length = length(bits, end) + MATCH;
    int from = made - distance;
    if (distance == 0 || from < 0) {
      throw damaged("names bytes " + distance + " before it, of " + made);
    }
    room(length);
    for (int left = (int) length; left > 0;) {
      // As much as there is already, which is more each time.
      int piece = Math.min(made - from, left);
      System.arraycopy(out, from, out, made, piece);
      made += piece;
      left -= piece;
    }
  }

  private long length(int bits, int end) throws IOException {
    long length = bits;
    if (bits == MORE) {
      int more;
      do {
        if (at >= end) {
          throw damaged("is cut off in a length");
        }
        more = in[at++] & 0xFF;
        length += more;
      } while (more == LONGER);
    }
    return length;
  }

  private void room(long bytes) throws TooLarge {
    long needed = made + bytes;
    if (earlier + needed > limit || needed > ARRAY) {
      throw new TooLarge(limit);
    }
    if (needed > out.length) {
      out = Arrays.copyOf(out, (int) Math.min(ARRAY, Math.max(needed, 2L * out.length)));
    }
  }

  private IOException damaged(String why) {
    return new IOException("an LZ4 sequence before byte " + (at - begin) + " of the payload " + why);
  }
}
