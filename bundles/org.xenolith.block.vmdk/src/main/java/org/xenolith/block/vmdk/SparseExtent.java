// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.ImageBytes;

/** A part of a disk in grains, which tables name: there as they are, packed by deflate, or zeros. The last table and the last grain that was packed are kept. */
final class SparseExtent implements Extent {
  private static final int SECTOR = SparseHeader.SECTOR;
  /** Of a packed grain: its sector on the disk, and how many bytes follow. */
  private static final int MARKER = 12;
  private static final long LARGEST_DIRECTORY = 32L << 20;

  private final String name;
  private final ImageBytes image;
  private final SparseHeader header;
  /** Sector of each grain table. */
  private final int[] directory;
  private final int[] table;
  private int tableAt;
  private final byte[] unpacked;
  /** Sector of the grain that is unpacked; 0 for none. */
  private int unpackedAt;

  SparseExtent(String name, ImageBytes image) throws IOException {
    this.name = name;
    this.image = image;
    header = SparseHeader.of(name, image);
    long perTable = (long) header.grain() * header.perTable();
    long tables = (header.capacity() + perTable - 1) / perTable;
    if (tables * 4 > LARGEST_DIRECTORY) {
      throw SparseHeader.refused(name, "needs " + tables + " grain tables by its header");
    }
    directory = numbers(header.directory(), (int) tables, "its grain directory");
    table = new int[header.perTable()];
    unpacked = new byte[(header.flags() & SparseHeader.COMPRESSED) == 0 ? 0 : header.grain() * SECTOR];
  }

  SparseHeader header() {
    return header;
  }

  private int[] numbers(long sector, int count, String what) throws IOException {
    long length = image.length();
    if (sector <= 0 || sector > length / SECTOR || sector * SECTOR > length - count * 4L) {
      throw SparseHeader.refused(name, what + " is said to be at sector 0x" + Long.toHexString(sector) + " with " + count
          + " entries; the file has 0x" + Long.toHexString(length) + " bytes");
    }
    byte[] bytes = new byte[count * 4];
    image.read(sector * SECTOR, bytes, 0, bytes.length);
    int[] numbers = new int[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(numbers);
    return numbers;
  }

  @Override
  public long length() {
    return header.capacity() * SECTOR;
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    int grainBytes = header.grain() * SECTOR;
    for (int done = 0; done < bytes;) {
      long at = position + done;
      int inGrain = (int) (at % grainBytes);
      int piece = Math.min(bytes - done, grainBytes - inGrain);
      readGrain(at / grainBytes, inGrain, into, offset + done, piece);
      done += piece;
    }
  }

  private void readGrain(long grain, int inGrain, byte[] into, int offset, int bytes) throws IOException {
    int sector = grain(grain);
    if (sector == 0 || sector == 1 && (header.flags() & SparseHeader.ZEROED_GRAINS) != 0) {
      Arrays.fill(into, offset, offset + bytes, (byte) 0);
      return;
    }
    if (unpacked.length > 0) {
      unpack(grain, sector);
      System.arraycopy(unpacked, inGrain, into, offset, bytes);
      return;
    }
    long place = (sector & 0xFFFF_FFFFL) * SECTOR + inGrain;
    long there = image.length() - place;
    if (there <= 0) {
      throw bad(grain, "is said to be at 0x" + Long.toHexString(place - inGrain) + ", behind the end of the file, which has 0x" + Long
          .toHexString(image.length()) + " bytes");
    }
    // The last grain may be cut where the disk ends.
    int count = (int) Math.min(bytes, there);
    image.read(place, into, offset, count);
    Arrays.fill(into, offset + count, offset + bytes, (byte) 0);
  }

  /** Where a grain is; 0 for nowhere. */
  private int grain(long index) throws IOException {
    int at = directory[(int) (index / header.perTable())];
    if (at == 0) {
      return 0;
    }
    if (at != tableAt) {
      tableAt = 0;
      int[] read = numbers(at & 0xFFFF_FFFFL, table.length, "the grain table of the disk's grain " + index);
      System.arraycopy(read, 0, table, 0, table.length);
      tableAt = at;
    }
    return table[(int) (index % header.perTable())];
  }

  private void unpack(long grain, int sector) throws IOException {
    if (unpackedAt == sector) {
      return;
    }
    unpackedAt = 0;
    long place = (sector & 0xFFFF_FFFFL) * SECTOR;
    long length = image.length();
    byte[] marker = new byte[MARKER];
    if (place > length - MARKER) {
      throw bad(grain, "is packed at 0x" + Long.toHexString(place) + ", behind the end of the file, which has 0x" + Long.toHexString(length)
          + " bytes");
    }
    image.read(place, marker, 0, MARKER);
    int size = ByteBuffer.wrap(marker).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    // Deflate makes of what it can't pack a little more.
    if (size <= 0 || size > 2 * unpacked.length + SECTOR || size > length - place - MARKER) {
      throw bad(grain, "is packed at 0x" + Long.toHexString(place) + " and said to have " + Integer.toUnsignedString(size) + " bytes");
    }
    byte[] packed = new byte[size];
    image.read(place + MARKER, packed, 0, size);
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      int made = 0;
      for (int more; made < unpacked.length && (more = inflater.inflate(unpacked, made, unpacked.length - made)) > 0;) {
        made += more;
      }
      if (!inflater.finished() && made < unpacked.length) {
        throw bad(grain, "is packed at 0x" + Long.toHexString(place) + ", and isn't what was packed there");
      }
      Arrays.fill(unpacked, made, unpacked.length, (byte) 0);
      unpackedAt = sector;
    } catch (DataFormatException e) {
      throw bad(grain, "is packed at 0x" + Long.toHexString(place) + ", and isn't what was packed there");
    } finally {
      inflater.end();
    }
  }

  private IOException bad(long grain, String what) {
    return SparseHeader.refused(name, "the grain at 0x" + Long.toHexString(grain * header.grain() * SECTOR) + " " + what);
  }

  @Override
  public String digest() throws IOException {
    return ContentDigest.of(image);
  }

  @Override
  public void close() throws IOException {
    image.close();
  }
}
