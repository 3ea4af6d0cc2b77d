// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The file of {@link StoredCode} and its code. Little-endian: eight bytes that say what it is; a CRC-32C of all that follows; how many bytes,
 * ways out, pages, words and entries there are; what made it, and for which host and CPU; then these, and the code. A sum isn't a
 * signature: who may write the file may have anything executed.
 */
final class CodeFile {
  private static final long MAGIC = 0x3145_444F_434F_4E58L; // XNOCODE1
  /** Bytes before what the sum is of. */
  private static final int SUMMED = 12;
  private static final int COUNTS = 7;
  private static final int HEADER = SUMMED + COUNTS * Integer.BYTES;
  private static final int MOST_IDENTITY = 4096;
  /** Bytes of a file: code, and what is said of it, which is less than twice as long. A longer one would be read into memory first. */
  private static final long MOST = 4L * Translations.SIZE;

  private CodeFile() {}

  /** How many of each there are. */
  private record Counts(int origin, int end, int identity, int exits, int pages, int words, int entries) {
    static Counts of(StoredCode stored, int identity) {
      return new Counts(stored.origin(), stored.end(), identity, stored.exits()[0].length, stored.pages(), stored.words().length, stored
          .entries().length);
    }

    static Counts of(ByteBuffer from) {
      return new Counts(from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt());
    }

    void put(ByteBuffer to) {
      to.putInt(origin).putInt(end).putInt(identity).putInt(exits).putInt(pages).putInt(words).putInt(entries);
    }

    /** Bytes before the code. */
    long described() {
      return HEADER + identity + 16L * exits + pages * (long) (StoredCode.BITS * Long.BYTES + 2 * Integer.BYTES) + 2 * Integer.BYTES + 4L
          * words + 16L * entries;
    }

    boolean possible(long size) {
      return origin > 0 && origin <= end && end <= Translations.SIZE && identity >= 0 && identity <= MOST_IDENTITY && exits >= 0
          && pages >= 0 && words >= 0 && entries >= 0 && size <= MOST && described() + end - origin == size;
    }
  }

  /** Writes a file. */
  static void write(FileChannel file, StoredCode stored, String identity, HostCode host) throws IOException {
    byte[] made = identity.getBytes(StandardCharsets.UTF_8);
    Counts counts = Counts.of(stored, made.length);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer all = arena.allocate(counts.described()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      all.position(SUMMED);
      counts.put(all);
      all.put(made);
      put(all, stored.translated());
      put(all, stored.keys());
      for (int[] each : stored.exits()) {
        put(all, each);
      }
      put(all, stored.wordsFrom());
      put(all, stored.entriesFrom());
      put(all, stored.words());
      put(all, stored.entries());
      put(all, stored.places());
      ByteBuffer code = host.bytes(stored.origin(), stored.end());
      all.putLong(0, MAGIC).putInt(Long.BYTES, sum(all.position(SUMMED), code));
      write(file, all.position(0));
      write(file, code);
    }
  }

  /**
   * Reads a file, its code to where it is executed.
   *
   * @param identity what made it, if this engine can use it
   * @param origin   where code begins
   * @throws IOException if it can't be read, is damaged or isn't for this engine; the message says what, and nothing of it may be executed
   */
  static StoredCode read(FileChannel file, String identity, int origin, HostCode host) throws IOException {
    long size = file.size();
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer header = buffer(arena, HEADER);
      if (size < HEADER) {
        throw new IOException("is damaged: it ends too early");
      }
      fill(file, header);
      header.flip();
      if (header.getLong() != MAGIC) {
        throw new IOException("is damaged, or of another version: it doesn't begin as one");
      }
      int sum = header.getInt();
      Counts counts = Counts.of(header);
      if (!counts.possible(size)) {
        throw new IOException("is damaged: its parts don't add up to its size");
      }
      if (counts.origin != origin) {
        // Before anything is read there: all that is below is every engine's own code.
        throw new IOException("is damaged, or of another version: its code begins at " + counts.origin + ", not at " + origin);
      }
      ByteBuffer all = buffer(arena, (int) counts.described());
      all.put(header.position(0));
      fill(file, all);
      ByteBuffer code = host.bytes(counts.origin, counts.end);
      try {
        fill(file, code);
        if (sum(all.position(SUMMED), code.position(0)) != sum) {
          throw new IOException("is damaged: its sum differs");
        }
        all.position(HEADER);
        byte[] made = new byte[counts.identity];
        all.get(made);
        String maker = new String(made, StandardCharsets.UTF_8);
        if (!maker.equals(identity)) {
          throw new IOException("is of another version, or for another CPU: " + maker + "; here is " + identity);
        }
      } catch (IOException refused) {
        clear(code);
        throw refused;
      }
      return stored(all, counts);
    }
  }

  /** Nothing that is refused stays where code is executed, not even between blocks, from where the next file would have it. */
  private static void clear(ByteBuffer code) {
    for (int i = 0; i < code.limit(); i++) {
      code.put(i, (byte) 0);
    }
  }

  private static StoredCode stored(ByteBuffer all, Counts counts) {
    long[] translated = longs(all, counts.pages * StoredCode.BITS);
    long[] keys = longs(all, counts.entries);
    int[][] exits = {ints(all, counts.exits), ints(all, counts.exits), ints(all, counts.exits), ints(all, counts.exits)};
    int[] wordsFrom = ints(all, counts.pages + 1);
    int[] entriesFrom = ints(all, counts.pages + 1);
    int[] words = ints(all, counts.words);
    int[] entries = ints(all, counts.entries);
    return new StoredCode(counts.origin, counts.end, exits, translated, words, wordsFrom, entries, ints(all, counts.entries), entriesFrom,
        keys);
  }

  private static ByteBuffer buffer(Arena arena, int size) {
    return arena.allocate(size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int sum(ByteBuffer described, ByteBuffer code) {
    CRC32C sum = new CRC32C();
    sum.update(described);
    sum.update(code.duplicate());
    return (int) sum.getValue();
  }

  private static void write(FileChannel file, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      file.write(from);
    }
  }

  private static void fill(FileChannel file, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (file.read(to) < 0) {
        throw new EOFException("is damaged: it ends too early");
      }
    }
  }

  private static void put(ByteBuffer to, long[] values) {
    to.asLongBuffer().put(values);
    to.position(to.position() + values.length * Long.BYTES);
  }

  private static void put(ByteBuffer to, int[] values) {
    to.asIntBuffer().put(values);
    to.position(to.position() + values.length * Integer.BYTES);
  }

  private static long[] longs(ByteBuffer from, int count) {
    long[] values = new long[count];
    from.asLongBuffer().get(values);
    from.position(from.position() + count * Long.BYTES);
    return values;
  }

  private static int[] ints(ByteBuffer from, int count) {
    int[] values = new int[count];
    from.asIntBuffer().get(values);
    from.position(from.position() + count * Integer.BYTES);
    return values;
  }
}
