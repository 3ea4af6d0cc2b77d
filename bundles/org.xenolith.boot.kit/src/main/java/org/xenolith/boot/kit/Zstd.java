// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks zstd (RFC 8878), in which most distributions pack their kernels: frames one after the other, skippable ones passed over, checksums compared. Dictionaries are refused,
 * as no kernel has one. The output is kept as far back as the window of a frame reaches; of a stream as much input as a block has.
 */
public final class Zstd {
  /** What a frame begins with. */
  static final int MAGIC = 0xFD2F_B528;
  /** What a frame begins with that has nothing to unpack, but for its last four bits. */
  private static final int SKIPPABLE = 0x184D_2A50;
  /** The largest window: what {@code zstd --ultra -22} makes, which packs kernels (Linux, scripts/Makefile.lib). */
  private static final long WINDOW = 128L << 20;
  /** The largest of a frame that is its own window. */
  private static final long WHOLE = 1L << 30;
  /** The most bytes of a block (3.1.1.2.3). */
  static final int BLOCK = 128 << 10;
  private static final int RAW = 0;
  private static final int RUN = 1;
  private static final int COMPRESSED = 2;

  /** Room for a block and what stands before it. */
  private static final int PIECE = 2 * BLOCK;

  private final byte[] in;
  /** What the input goes on with behind what is in the array; null if it doesn't. */
  private final @Nullable InputStream more;
  /** Bytes that went through the array before those that are in it. */
  private long passed;
  private int end;
  private final long limit;
  private final Sink sink;
  private int at;
  /** What came out of all frames. */
  private long total;

  // Of one frame.
  private ZstdBlock block;
  private XxHash64 hash;
  private long window;
  /** The last bytes that came out, the window's at least. */
  private byte[] out = {};
  private int made;
  /** As far as the sink has them. */
  private int given;

  /** What comes out is more than may. */
  public static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("more than " + limit + " bytes come out");
    }
  }

  /** Takes what comes out, in order. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes bytes.
     *
     * @param bytes  has them, and must not be changed or kept
     * @param from   the first
     * @param length how many
     * @throws IOException if they can't be taken
     */
    void take(byte[] bytes, int from, int length) throws IOException;
  }

  private Zstd(byte[] in, int from, int end, @Nullable InputStream more, long limit, Sink sink) {
    this.in = in;
    passed = -from;
    at = from;
    this.end = end;
    this.more = more;
    this.limit = limit;
    this.sink = sink;
  }

  /** Whether a file begins with a frame. */
  public static boolean recognises(byte[] file) {
    return file.length >= 4 && (file[0] & 0xFF | (file[1] & 0xFF) << 8 | (file[2] & 0xFF) << 16 | file[3] << 24) == MAGIC;
  }

  /**
   * Unpacks all frames.
   *
   * @param file  what has them, from one byte up to another
   * @param limit the most bytes that may come out
   * @param sink  takes them
   * @throws TooLarge    if it is more
   * @throws IOException if a frame is damaged, cut off, or of a kind that isn't unpacked; the message says where
   */
  public static void unpack(byte[] file, int from, int end, long limit, Sink sink) throws IOException {
    Objects.checkFromToIndex(from, end, file.length);
    new Zstd(file, from, end, null, limit, sink).frames();
  }

  /** The same of a stream, to its end. */
  public static void unpack(InputStream file, long limit, Sink sink) throws IOException {
    new Zstd(new byte[PIECE], 0, 0, file, limit, sink).frames();
  }

  private void frames() throws IOException {
    do {
      int magic = (int) number(4);
      if ((magic & ~0xF) == SKIPPABLE) {
        long length = number(4);
        for (long left = length; left > 0;) {
          int piece = (int) Math.min(left, BLOCK);
          if (!there(piece)) {
            throw damaged("a skippable frame is said to have " + length + " bytes");
          }
          at += piece;
          left -= piece;
        }
      } else if (magic == MAGIC) {
        frame();
      } else {
        at -= 4;
        throw damaged("no frame begins there");
      }
    } while (there(1));
  }

  /** Whether there are so many bytes more, which are in the array then: as many as a block has at most. */
  private boolean there(int bytes) throws IOException {
    if (bytes <= end - at || more == null) {
      return bytes <= end - at;
    }
    System.arraycopy(in, at, in, 0, end - at);
    passed += at;
    end -= at;
    at = 0;
    end += more.readNBytes(in, end, in.length - end);
    return bytes <= end;
  }

  private void frame() throws IOException {
    int descriptor = (int) number(1);
    boolean single = (descriptor & 0x20) != 0;
    if ((descriptor & 8) != 0) {
      throw damaged("its header has a reserved bit set");
    }
    if (!single) {
      int size = (int) number(1);
      window = 1L << 10 + (size >>> 3);
      window += (window >>> 3) * (size & 7);
    }
    int dictionary = descriptor & 3;
    if (number(dictionary == 3 ? 4 : dictionary) != 0) {
      throw damaged("it wants a dictionary");
    }
    int flag = descriptor >>> 6;
    long content = switch (flag) {
      case 0 -> single ? number(1) : -1;
      case 1 -> number(2) + 256;
      case 2 -> number(4);
      default -> number(8);
    };
    boolean said = flag != 0 || single;
    if (said && (content < 0 || content > limit - total)) {
      throw new TooLarge(limit);
    }
    long most = WINDOW;
    if (single) {
      window = Math.max(content, 1);
      most = WHOLE;
    }
    if (window > most) {
      throw damaged("it wants a window of " + (window >> 20) + " MiB, more than the " + (most >> 20) + " that are given");
    }
    block = new ZstdBlock(in);
    hash = new XxHash64();
    made = 0;
    given = 0;
    long before = total;
    boolean last;
    do {
      int header = (int) number(3);
      last = (header & 1) != 0;
      block(header >>> 1 & 3, header >>> 3);
    } while (!last);
    if (said && total - before != content) {
      throw damaged((total - before) + " bytes came out of a frame that is said to have " + content);
    }
    if ((descriptor & 4) != 0 && number(4) != (hash.digest() & 0xFFFF_FFFFL)) {
      throw damaged("what came out of the frame before it hasn't the checksum that it is said to have");
    }
  }

  private void block(int kind, int size) throws IOException {
    int most = (int) Math.min(window, BLOCK);
    if (kind > COMPRESSED || size > most && kind != RUN || size > BLOCK) {
      throw damaged(kind > COMPRESSED ? "a block is of a kind that there isn't" : "a block is said to have " + size + " bytes");
    }
    int packed = kind == RUN ? 1 : size;
    if (!there(packed)) {
      throw damaged("it is cut off in a block of " + packed + " bytes");
    }
    room(kind == COMPRESSED ? BLOCK : size);
    switch (kind) {
      case RAW -> System.arraycopy(in, at, out, made, size);
      case RUN -> Arrays.fill(out, made, made + size, in[at]);
      default -> size = unpacked(size);
    }
    at += packed;
    made += size;
    total += size;
    if (total > limit) {
      throw new TooLarge(limit);
    }
    hash.update(out, given, made - given);
    sink.take(out, given, made - given);
    given = made;
  }

  /** Unpacks a block of so many bytes; returns how many came out. */
  private int unpacked(int size) throws IOException {
    try {
      return block.unpack(at, at + size, out, made, (int) Math.min(window, made)) - made;
    } catch (IOException e) {
      // Its places are those in the array.
      throw more == null ? e : damaged("the block there is damaged");
    }
  }

  /** Room for so many bytes more, with those of the window before them. */
  private void room(int bytes) {
    if (made + bytes <= out.length) {
      return;
    }
    // Twice the window, so that what stays is moved once a window, or as much as has come out if that is less.
    long enough = 2 * window + BLOCK;
    if (out.length < enough && made + bytes <= Math.min(enough, Integer.MAX_VALUE - 16)) {
      out = Arrays.copyOf(out, (int) Math.min(Math.min(enough, Integer.MAX_VALUE - 16), Math.max(2L * out.length, made + (long) bytes)));
      return;
    }
    int kept = (int) Math.min(window, made);
    System.arraycopy(out, made - kept, out, 0, kept);
    made = kept;
    given = kept;
    if (made + bytes > out.length) {
      out = Arrays.copyOf(out, made + bytes);
    }
  }

  private long number(int bytes) throws IOException {
    if (!there(bytes)) {
      throw damaged("it is cut off");
    }
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (in[at++] & 0xFFL) << 8 * i;
    }
    return number;
  }

  private IOException damaged(String why) {
    return new IOException("zstd, at byte " + (passed + at) + ": " + why);
  }
}
