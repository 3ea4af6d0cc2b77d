// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.machine.kit.HostMemory;

/**
 * The file of {@link StoredCode} and its code. Little-endian: eight bytes that say what it is; a CRC-32C of all that follows; how many bytes, as a power of two, an index is of, and how many
 * ways out, pages, words and entries there are; what made it, and for which host and CPU; then these, and the code. A sum isn't a
 * signature: who may write the file may have anything executed.
 */
final class CodeFile {
  private static final long MAGIC = 0x3345_444F_434F_4E58L; // XNOCODE3
  /** Bytes before what the sum is of. */
  private static final int SUMMED = 12;
  private static final int COUNTS = 8;
  private static final int HEADER = SUMMED + COUNTS * Integer.BYTES;
  private static final int MOST_IDENTITY = 4096;
  /** Bytes that are read at once. */
  private static final int PIECE = 1 << 20;
  /** Bytes of a file: code, and what is said of it, which is less than twice as long. A longer one isn't read. */
  private static final long MOST = 4L * Translations.SIZE;

  private CodeFile() {}

  /** How many of each there are. */
  private record Counts(int origin, int end, int shift, int identity, int exits, int pages, int words, int entries) {
    static Counts of(StoredCode stored, int identity) {
      return new Counts(stored.origin(), stored.end(), stored.shift(), identity, stored.exits().size(), stored.pages(), stored.size(),
          stored
              .entries().limit());
    }

    static Counts of(ByteBuffer from) {
      return new Counts(from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt(), from
          .getInt());
    }

    void put(ByteBuffer to) {
      to.putInt(origin).putInt(end).putInt(shift).putInt(identity).putInt(exits).putInt(pages).putInt(words).putInt(entries);
    }

    /** Bytes before the code. */
    long described() {
      return HEADER + identity + 16L * exits + pages * (long) (StoredCode.bits(shift) * Long.BYTES + 2 * Integer.BYTES) + 2 * Integer.BYTES
          + ((long) words << shift) + 20L * entries;
    }

    boolean possible(long size) {
      return origin > 0 && origin <= end && end <= Translations.SIZE && (shift == NativePage.BY_WORDS || shift == NativePage.BY_BYTES)
          && identity >= 0 && identity <= MOST_IDENTITY && exits >= 0
          && pages >= 0 && words >= 0 && entries >= 0 && described() + end - origin == size;
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
      put(all, stored.exits().what());
      put(all, stored.exits().owner());
      put(all, stored.exits().place());
      put(all, stored.exits().access());
      put(all, stored.wordsFrom());
      put(all, stored.entriesFrom());
      put(all, stored.entries());
      put(all, stored.places());
      put(all, stored.ends());
      all.put(stored.words().duplicate());
      ByteBuffer code = host.bytes(stored.origin(), stored.end());
      all.putLong(0, MAGIC).putInt(Long.BYTES, sum(all.position(SUMMED), code));
      write(file, all.position(0));
      write(file, code);
    }
  }

  /**
   * Reads a file: what there is of a page at once, its code only when the page is executed. Nothing of it is mapped: who makes the file
   * shorter meanwhile would end the run by a fault of the JVM's, or have zeros executed.
   *
   * @param file     stays open for the code of what is returned
   * @param identity what made it, if this engine can use it
   * @param origin   where code begins
   * @param shift    bytes of what has an index, as a power of two
   * @param host     where its code comes to
   * @throws IOException if it can't be read, is damaged or isn't for this engine; the message says what, and nothing of it may be executed
   */
  static StoredCode read(FileChannel file, String identity, int origin, int shift, HostCode host) throws IOException {
    long size = file.size();
    if (size < HEADER) {
      throw new IOException("is damaged: it ends too early");
    }
    if (size > MOST) {
      throw new IOException("is damaged: it is longer than any");
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    readAll(file, header, 0);
    if (header.flip().getLong() != MAGIC) {
      throw new IOException("is damaged, or of another version: it doesn't begin as one");
    }
    int sum = header.getInt();
    Counts counts = Counts.of(header);
    if (!counts.possible(size)) {
      throw new IOException("is damaged: its parts don't add up to its size");
    }
    if (counts.origin != origin || counts.shift != shift) {
      // All that is below is every engine's own code.
      throw new IOException("is damaged, or of another version: its code begins at " + counts.origin + ", not at " + origin);
    }
    ByteBuffer all = memory((int) counts.described()).order(ByteOrder.LITTLE_ENDIAN);
    readAll(file, all, 0);
    CRC32C found = new CRC32C();
    found.update(all.position(SUMMED));
    update(found, file, counts.described(), size);
    if ((int) found.getValue() != sum) {
      throw new IOException("is damaged: its sum differs");
    }
    byte[] made = new byte[counts.identity];
    all.get(HEADER, made);
    String maker = new String(made, StandardCharsets.UTF_8);
    if (!maker.equals(identity)) {
      throw new IOException("is of another version, or for another CPU: " + maker + "; here is " + identity);
    }
    return stored(all.position(HEADER + counts.identity), counts, new StoredBytes(file, counts.described(), counts.end - origin, origin,
        host));
  }

  private static ByteBuffer memory(int size) throws IOException {
    try {
      return HostMemory.pages(size).asByteBuffer();
    } catch (OutOfMemoryError none) {
      throw new IOException("says " + size + " bytes of its code, for which the host has no memory", none);
    }
  }

  /** Of the bytes from one place of a file up to another. */
  private static void update(CRC32C sum, FileChannel file, long from, long to) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer piece = arena.allocate(PIECE).asByteBuffer();
      for (long at = from; at < to; at += piece.limit()) {
        readAll(file, piece.clear().limit((int) Math.min(PIECE, to - at)), at);
        sum.update(piece.flip());
      }
    }
  }

  /** Reads as much as a buffer has room for. @throws IOException if the file has become shorter */
  static void readAll(FileChannel file, ByteBuffer into, long from) throws IOException {
    for (long at = from; into.hasRemaining();) {
      int more = file.read(into, at);
      if (more <= 0) {
        throw new IOException("is damaged: it ends too early");
      }
      at += more;
    }
  }

  private static StoredCode stored(ByteBuffer all, Counts counts, StoredBytes bytes) {
    LongBuffer translated = longs(all, counts.pages * StoredCode.bits(counts.shift));
    LongBuffer keys = longs(all, counts.entries);
    KeptExits exits = new KeptExits(ints(all, counts.exits), ints(all, counts.exits), ints(all, counts.exits), ints(all, counts.exits));
    IntBuffer wordsFrom = ints(all, counts.pages + 1);
    IntBuffer entriesFrom = ints(all, counts.pages + 1);
    IntBuffer entries = ints(all, counts.entries);
    IntBuffer places = ints(all, counts.entries);
    IntBuffer ends = ints(all, counts.entries);
    return new StoredCode(counts.origin, counts.end, counts.shift, exits, translated, next(all, counts.words << counts.shift), wordsFrom,
        entries, places, ends, entriesFrom, keys, bytes);
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

  private static void put(ByteBuffer to, LongBuffer values) {
    to.asLongBuffer().put(values.duplicate());
    to.position(to.position() + values.limit() * Long.BYTES);
  }

  private static void put(ByteBuffer to, IntBuffer values) {
    to.asIntBuffer().put(values.duplicate());
    to.position(to.position() + values.limit() * Integer.BYTES);
  }

  private static LongBuffer longs(ByteBuffer from, int count) {
    return next(from, count * Long.BYTES).asLongBuffer();
  }

  private static IntBuffer ints(ByteBuffer from, int count) {
    return next(from, count * Integer.BYTES).asIntBuffer();
  }

  private static ByteBuffer next(ByteBuffer from, int bytes) {
    ByteBuffer next = from.slice(from.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + bytes);
    return next;
  }
}
