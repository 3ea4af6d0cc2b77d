// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamImages;
import org.xenolith.machine.kit.SavedPages;

/**
 * The content of RAM, and of the memory of windows, as a file that a machine has mapped until it writes: each chunk that was touched behind the one before, as it is in memory, and a hole in the file
 * for each page of zeros. Nobody may change it while a machine that took it over is there.
 */
final class RamFile {
  private static final int PAGE = MachineDigest.PAGE;
  private static final byte[] ZEROS = new byte[PAGE];
  /** Bytes that are written at once. */
  private static final int PIECE = 1 << 20;

  private final Path file;

  RamFile(Path file) {
    this.file = file;
  }

  /**
   * Writes it.
   *
   * @param below whose pages needn't be written again
   * @return where it has which chunk
   */
  List<RamChunk> write(AddressSpace space, Optional<RamBelow> below) throws IOException {
    List<RamChunk> chunks = new ArrayList<>();
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw"); FileChannel to = opened.getChannel()) {
      ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
      byte[] page = new byte[PAGE];
      long end = 0;
      for (AddressSpace.Chunk chunk : space.touched()) {
        Ram ram = chunk.ram();
        BitSet differing = below.isPresent() ? below.get().differing(chunk) : null;
        BitSet held = differing != null ? differing : chunk.held();
        for (int at = 0; at < ram.size; at += PAGE) {
          boolean data = held == null || held.get(at / PAGE);
          if (data) {
            ram.read(at, page, 0, PAGE);
            data = !Arrays.equals(page, ZEROS);
          }
          if (data) {
            piece.put(page);
          }
          if (!data || !piece.hasRemaining()) {
            flush(piece, to, end + at + (data ? PAGE : 0));
          }
        }
        flush(piece, to, end + ram.size);
        chunks.add(new RamChunk(ram.base, ram.size, end, differing));
        end += ram.size;
      }
      opened.setLength(end);
    }
    return chunks;
  }

  /** Writes what was gathered. @param end place in the file behind its last byte */
  private static void flush(ByteBuffer piece, FileChannel to, long end) throws IOException {
    piece.flip();
    for (long at = end - piece.remaining(); piece.hasRemaining();) {
      at += to.write(piece, at);
    }
    piece.clear();
  }

  /**
   * Has a machine take it over.
   *
   * @param chunks as {@link #write} returned them
   * @param below  what has the pages that this hasn't
   */
  void read(AddressSpace space, List<RamChunk> chunks, Optional<RamBelow> below) throws IOException {
    try (SavedPages from = new SavedPages(file)) {
      long end = chunks.isEmpty() ? 0 : chunks.getLast().end();
      if (from.size() != end) {
        throw new IOException(file + " has " + from.size() + " bytes, its chunks are " + end);
      }
      List<RamImages.Kept> kept = new ArrayList<>();
      for (RamChunk chunk : chunks) {
        kept.add(kept(from, chunk, below));
      }
      if (RamImages.possible()) {
        map(space, kept);
      } else {
        copy(space, kept);
      }
    }
  }

  private RamImages.Kept kept(SavedPages from, RamChunk chunk, Optional<RamBelow> below) throws IOException {
    BitSet pages = chunk.pages();
    if (pages == null) {
      return new RamImages.Kept(from, chunk.base(), chunk.size(), chunk.offset(), new BitSet(), new byte[0]);
    }
    RamChunk under = below.map(each -> each.chunk(chunk.base(), chunk.size())).orElseThrow(() -> new IOException(file
        + ": the snapshot below has no RAM at 0x"
        + Long.toHexString(chunk.base())));
    byte[] bytes = new byte[pages.cardinality() * PAGE];
    int at = 0;
    for (int first = pages.nextSetBit(0); first >= 0;) {
      int next = pages.nextClearBit(first);
      from.read(chunk.offset() + (long) first * PAGE, ByteBuffer.wrap(bytes, at, (next - first) * PAGE));
      at += (next - first) * PAGE;
      first = pages.nextSetBit(next);
    }
    return new RamImages.Kept(below.orElseThrow().file(), under.base(), under.size(), under.offset(), pages, bytes);
  }

  private static void map(AddressSpace space, List<RamImages.Kept> chunks) throws IOException {
    try (RamImages images = RamImages.of(chunks)) {
      space.restore(images);
    } catch (OutOfMemoryError refused) {
      throw new IOException("its memory can't be mapped: " + refused.getMessage(), refused);
    }
  }

  private static void copy(AddressSpace space, List<RamImages.Kept> chunks) throws IOException {
    space.clear();
    byte[] page = new byte[PAGE];
    for (RamImages.Kept chunk : chunks) {
      Ram ram = space.chunk(chunk.base());
      if (ram == null || ram.base != chunk.base() || ram.size != chunk.size()) {
        throw AddressSpace.none(chunk.base(), chunk.size());
      }
      BitSet data = chunk.file().data(chunk.offset(), chunk.size());
      int at = 0;
      for (int each = 0; each < chunk.size() / PAGE; each++) {
        Arrays.fill(page, (byte) 0);
        if (chunk.others().get(each)) {
          System.arraycopy(chunk.bytes(), at, page, 0, PAGE);
          at += PAGE;
        } else if (data.get(each)) {
          chunk.file().read(chunk.offset() + (long) each * PAGE, ByteBuffer.wrap(page));
        }
        ram.write(each * PAGE, page, 0, PAGE);
      }
    }
  }

  /**
   * A number that tells whether it is what was written: CRC-32C of the pages that aren't zeros, each behind its number. It finds every damage of a disk or a copy, but isn't made against somebody who wants it to pass; it is
   * there because SHA-256 takes longer than all else of a restore.
   */
  String digest() throws IOException {
    CRC32C sum = new CRC32C();
    try (SavedPages from = new SavedPages(file)) {
      byte[] number = new byte[Long.BYTES];
      byte[] piece = new byte[PIECE];
      for (long at = 0; at < from.size(); at += PIECE) {
        int length = (int) Math.min(PIECE, from.size() - at);
        // What is no whole page behind the last one is damage, too.
        BitSet data = from.data(at, length + PAGE - 1 & -PAGE);
        for (int first = data.nextSetBit(0); first >= 0;) {
          int next = data.nextClearBit(first);
          int bytes = Math.min(next * PAGE, length) - first * PAGE;
          from.read(at + (long) first * PAGE, ByteBuffer.wrap(piece, 0, bytes));
          for (int page = 0; page < bytes; page += PAGE) {
            int size = Math.min(PAGE, bytes - page);
            if (!Arrays.equals(piece, page, page + size, ZEROS, 0, size)) {
              sum.update(ByteBuffer.wrap(number).putLong(0, at + (long) first * PAGE + page));
              sum.update(piece, page, size);
            }
          }
          first = data.nextSetBit(next);
        }
      }
    }
    return "%08x".formatted(sum.getValue());
  }
}
