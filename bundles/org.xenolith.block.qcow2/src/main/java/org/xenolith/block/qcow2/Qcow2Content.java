// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageBytes;

/** The disk in an image, as its active layer has it: clusters that are there, packed, zero, or the backing file's ("Cluster mapping" in docs/interop/qcow2.txt of QEMU). */
class Qcow2Content implements DiskContent {
  static final long COMPRESSED = 1L << 62;
  /** Bits of an entry that are a place in the file. */
  static final long PLACE = 0x00FF_FFFF_FFFF_FE00L;
  /** The cluster reads as zeros, whatever its place; in images of version 3. */
  static final long ZERO = 1;
  /** Parts of a cluster where it has some. */
  private static final int PARTS = 32;

  final String name;
  final ImageBytes image;
  final Qcow2Header header;
  final TableCache tables;
  final CompressedClusters compressed;
  /** The table of tables, as far as the disk needs it. */
  final long[] l1;
  private final Optional<DiskContent> backing;
  /** Entries have 8 bytes, or 16 where clusters have parts. */
  private final int entryBytes;

  /**
   * @param name    what messages begin with
   * @param backing what has the rest; empty if there is none
   */
  Qcow2Content(String name, ImageBytes image, Qcow2Header header, Optional<DiskContent> backing) throws IOException {
    this.name = name;
    this.image = image;
    this.header = header;
    this.backing = backing;
    entryBytes = header.extended() ? 16 : 8;
    tables = new TableCache(image, header.clusterSize());
    compressed = new CompressedClusters(name, image, header);
    l1 = new long[header.l1Entries()];
    byte[] bytes = new byte[l1.length * 8];
    image.read(header.l1Offset(), bytes, 0, bytes.length);
    ByteBuffer.wrap(bytes).asLongBuffer().get(l1);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return header.size();
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    for (int done = 0; done < bytes;) {
      long at = position + done;
      int inCluster = (int) (at & header.clusterSize() - 1);
      int piece = Math.min(bytes - done, header.clusterSize() - inCluster);
      readCluster(at, into, offset + done, piece);
      done += piece;
    }
  }

  /** Reads what is in one cluster. */
  private void readCluster(long at, byte[] into, int offset, int bytes) throws IOException {
    Optional<ByteBuffer> table = table(at);
    if (table.isEmpty()) {
      readBacking(at, into, offset, bytes);
      return;
    }
    int index = index(at) * entryBytes;
    long entry = table.get().getLong(index);
    if ((entry & COMPRESSED) != 0) {
      System.arraycopy(compressed.cluster(entry, clusterOf(at)), (int) (at - clusterOf(at)), into, offset, bytes);
    } else if (header.extended()) {
      readParts(at, entry & PLACE, table.get().getLong(index + 8), into, offset, bytes);
    } else if ((entry & ZERO) != 0 && header.version() == 3) {
      Arrays.fill(into, offset, offset + bytes, (byte) 0);
    } else if ((entry & PLACE) == 0) {
      readBacking(at, into, offset, bytes);
    } else {
      readData(at, entry & PLACE, into, offset, bytes);
    }
  }

  /** Reads of a cluster with parts: bit n says that part n is there, bit 32 + n that it is zero. */
  private void readParts(long at, long place, long parts, byte[] into, int offset, int bytes) throws IOException {
    int partBytes = header.clusterSize() / PARTS;
    for (int done = 0; done < bytes;) {
      int inCluster = (int) (at + done - clusterOf(at));
      int part = inCluster / partBytes;
      int piece = Math.min(bytes - done, partBytes - inCluster % partBytes);
      if ((parts >>> PARTS + part & 1) != 0) {
        Arrays.fill(into, offset + done, offset + done + piece, (byte) 0);
      } else if ((parts >>> part & 1) != 0) {
        readData(at + done, place, into, offset + done, piece);
      } else {
        readBacking(at + done, into, offset + done, piece);
      }
      done += piece;
    }
  }

  /** Reads what is in the file; the last cluster of it may be cut where its end is zeros. */
  private void readData(long at, long place, byte[] into, int offset, int bytes) throws IOException {
    if ((place & header.clusterSize() - 1) != 0) {
      throw bad(at, "0x" + Long.toHexString(place) + ", which isn't where clusters begin");
    }
    long length = image.length();
    if (place >= length) {
      throw bad(at, "0x" + Long.toHexString(place) + ", behind the end of the file, which has 0x" + Long.toHexString(length) + " bytes");
    }
    long from = place + (at - clusterOf(at));
    int there = (int) Math.max(0, Math.min(bytes, length - from));
    image.read(from, into, offset, there);
    Arrays.fill(into, offset + there, offset + bytes, (byte) 0);
  }

  private IOException bad(long at, String what) {
    return Qcow2Header.refused(name, "the cluster at 0x" + Long.toHexString(clusterOf(at)) + " of the disk is said to be at " + what);
  }

  private void readBacking(long at, byte[] into, int offset, int bytes) throws IOException {
    int there = backing.isEmpty() ? 0 : (int) Math.max(0, Math.min(bytes, backing.get().length() - at));
    if (there > 0) {
      backing.get().read(at, into, offset, there);
    }
    Arrays.fill(into, offset + there, offset + bytes, (byte) 0);
  }

  /** Whether a cluster that isn't there reads as zeros. */
  boolean zeroWithoutIt() {
    return backing.isEmpty();
  }

  /** Where the cluster of a place on the disk begins. */
  final long clusterOf(long at) {
    return at & -header.clusterSize();
  }

  /** The entry of a place on the disk in its table. */
  final int index(long at) {
    return (int) ((at >>> header.clusterBits()) % header.l2Entries());
  }

  /** The entry of its table in the table of tables. */
  final int l1Index(long at) {
    return (int) ((at >>> header.clusterBits()) / header.l2Entries());
  }

  /** The table of a place on the disk; empty if there is none. */
  final Optional<ByteBuffer> table(long at) throws IOException {
    long place = l1[l1Index(at)] & PLACE;
    if (place == 0) {
      return Optional.empty();
    }
    if ((place & header.clusterSize() - 1) != 0 || place > Math.max(image.length(), grown()) - header.clusterSize()) {
      throw Qcow2Header.refused(name, "entry " + l1Index(at) + " of its L1 table, at 0x" + Long.toHexString(header.l1Offset() + 8L
          * l1Index(
              at)) + ", says a table at 0x" + Long.toHexString(place) + "; the file has 0x" + Long.toHexString(image.length())
          + " bytes, in clusters of 0x" + Integer.toHexString(header.clusterSize()));
    }
    return Optional.of(tables.at(place));
  }

  /** As far as the file will reach when all is written. */
  long grown() {
    return 0;
  }

  @Override
  public String digest() throws IOException {
    List<String> chain = new ArrayList<>(List.of(ContentDigest.of(image)));
    if (backing.isPresent()) {
      chain.add(backing.get().digest());
    }
    return ContentDigest.of(chain);
  }

  @Override
  public void close() throws IOException {
    try (image) {
      if (backing.isPresent()) {
        backing.get().close();
      }
    }
  }
}
