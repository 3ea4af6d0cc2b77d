// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

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
  /** No array has more bytes, on any JVM. */
  private static final int ARRAY = Integer.MAX_VALUE - 16;

  private final byte[] in;
  private final long limit;
  private byte[] out;
  private int at;
  private int made;

  /** What comes out is more than may. */
  public static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("more than " + limit + " bytes come out");
    }
  }

  private LegacyLz4(byte[] in, long expected, long limit) {
    this.in = in;
    this.limit = Math.min(limit, ARRAY);
    out = new byte[(int) Math.clamp(expected, 0, Math.min(this.limit, MOST * in.length))];
  }

  /**
   * Unpacks a frame.
   *
   * @param expected how many bytes are said to come out: if that is right, none is copied
   * @param limit    the most bytes that may come out
   * @throws TooLarge    if it is more
   * @throws IOException if the frame is damaged; the message says where
   */
  public static byte[] unpack(byte[] frame, long expected, long limit) throws IOException {
    return new LegacyLz4(frame, expected, limit).frame();
  }

  private byte[] frame() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
    at = 4;
    while (at + 4 <= in.length) {
      int length = bytes.getInt(at);
      at += 4;
      if (length == MAGIC) {
        continue;
      }
      if (length <= 0 || length > in.length - at) {
        throw new IOException("an LZ4 block at byte " + at + " of the payload is said to have " + Integer.toUnsignedString(length)
            + " bytes");
      }
      block(at + length);
    }
    return made == out.length ? out : Arrays.copyOf(out, made);
  }

  /** Sequences of literals and a match each; the last one has no match. */
  private void block(int end) throws IOException {
    int start = made;
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
        match(token & 0xF, start, end);
      }
    }
  }

  /** Bytes that came out of this block before, perhaps some of this very match. */
  private void match(int bits, int start, int end) throws IOException {
    if (end - at < 2) {
      throw damaged("is cut off in its match");
    }
    int distance = in[at] & 0xFF | (in[at + 1] & 0xFF) << 8;
    at += 2;
    long length = length(bits, end) + MATCH;
    int from = made - distance;
    if (distance == 0 || from < start) {
      throw damaged("names bytes " + distance + " before it, of " + (made - start));
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
    if (needed > limit) {
      throw new TooLarge(limit);
    }
    if (needed > out.length) {
      out = Arrays.copyOf(out, (int) Math.min(limit, Math.max(needed, 2L * out.length)));
    }
  }

  private IOException damaged(String why) {
    return new IOException("an LZ4 sequence before byte " + at + " of the payload " + why);
  }
}
