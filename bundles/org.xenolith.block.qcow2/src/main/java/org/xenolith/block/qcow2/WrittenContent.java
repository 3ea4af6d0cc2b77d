// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageBytes;

/**
 * The disk in an image that is written. Whenever the host loses power the image is whole, has all that was flushed, and at worst clusters that nobody uses (leaked ones): a new
 * cluster's content and count last before a table names it, and a cluster that is given back isn't used again before no table names it. What tables say is kept in memory until a
 * flush, which writes in this order, each durable before the next: content, refcounts, tables of clusters, the table of these.
 */
final class WrittenContent extends Qcow2Content {
  /** Nobody else refers to it, so that it may be written where it is. */
  private static final long COPIED = 1L << 63;

  private final Refcounts refcounts;
  private final TreeSet<Integer> l1Changed = new TreeSet<>();
  /** Clusters that tables in memory don't name any more, and those in the image do. */
  private final List<Long> parted = new ArrayList<>();

  WrittenContent(String name, ImageBytes image, Qcow2Header header, Optional<DiskContent> backing) throws IOException {
    super(name, image, header, backing);
    if ((header.features() & (Qcow2Header.DIRTY | Qcow2Header.CORRUPT)) != 0) {
      throw new IOException(name + ": says itself that it " + ((header.features() & Qcow2Header.CORRUPT) != 0 ? "is damaged"
          : "wasn't closed by who wrote it last") + "; before it is written again: qemu-img check -r all " + name);
    }
    if (header.extended() || header.bitmaps() || header.snapshots() != 0) {
      String what = header.extended() ? "clusters with parts (extended L2)" : header.bitmaps() ? "persistent bitmaps" : header.snapshots()
          + " internal snapshots";
      throw new IOException(name + ": has " + what
          + ", and can be read here, but not written; leave the guest's writes in memory (overlay), or have it write an image in front of it: "
          + "qemu-img create -f qcow2 -F qcow2 -b " + name + " FILE");
    }
    refcounts = new Refcounts(name, image, header);
  }

  @Override
  long grown() {
    return refcounts.end();
  }

  @Override
  public void write(long position, byte[] from, int offset, int bytes) throws IOException {
    for (int done = 0; done < bytes;) {
      long at = position + done;
      int piece = Math.min(bytes - done, header.clusterSize() - (int) (at - clusterOf(at)));
      writeCluster(at, from, offset + done, piece);
      done += piece;
    }
  }

  private void writeCluster(long at, byte[] from, int offset, int bytes) throws IOException {
    makeRoom();
    ByteBuffer table = own(at);
    int index = index(at) * 8;
    long entry = table.getLong(index);
    boolean packed = (entry & COMPRESSED) != 0;
    long place = packed ? 0 : entry & PLACE;
    if (place != 0) {
      requireOwn(at, entry, place);
      if (header.version() == 2 || (entry & ZERO) == 0) {
        image.write(place + (at - clusterOf(at)), from, offset, bytes);
        return;
      }
    }
    boolean whole = bytes == header.clusterSize();
    byte[] content = whole ? from : new byte[header.clusterSize()];
    if (!whole) {
      read(clusterOf(at), content, 0, content.length);
      System.arraycopy(from, offset, content, (int) (at - clusterOf(at)), bytes);
    }
    if (place == 0) {
      place = refcounts.allocate();
    }
    image.write(place, content, whole ? offset : 0, header.clusterSize());
    name(at, table, index, place | COPIED);
    if (packed) {
      part(entry);
    }
  }

  private void name(long at, ByteBuffer table, int index, long entry) {
    table.putLong(index, entry);
    tables.changed(l1[l1Index(at)] & PLACE);
  }

  private void makeRoom() throws IOException {
    if (tables.full()) {
      flush();
    }
  }

  /** The table of a place on the disk, made if there is none. */
  private ByteBuffer own(long at) throws IOException {
    int index = l1Index(at);
    if ((l1[index] & PLACE) == 0) {
      long place = refcounts.allocate();
      l1[index] = place | COPIED;
      l1Changed.add(index);
      return tables.fresh(place);
    }
    if ((l1[index] & COPIED) == 0) {
      throw Qcow2Header.refused(name, "entry " + index
          + " of its L1 table names a table that is said to be shared, and there are no internal snapshots");
    }
    return table(at).orElseThrow();
  }

  private void requireOwn(long at, long entry, long place) throws IOException {
    boolean aligned = (place & header.clusterSize() - 1) == 0;
    if ((entry & COPIED) == 0 || !aligned || place >= Math.max(image.length(), grown()) || place < header.clusterSize()) {
      throw Qcow2Header.refused(name, "the cluster at 0x" + Long.toHexString(clusterOf(at)) + " of the disk is said to be at 0x" + Long
          .toHexString(place) + (aligned && (entry & COPIED) == 0 ? ", shared with others, and there are no internal snapshots"
              : ", where no cluster of this file is"));
    }
  }

  /** The clusters that an entry names are given back when no table in the image names them. */
  private void part(long entry) {
    if ((entry & COMPRESSED) != 0) {
      long from = clusterOf(compressed.place(entry));
      for (long at = from; at < compressed.place(entry) + compressed.bytes(entry); at += header.clusterSize()) {
        parted.add(at);
      }
    } else {
      parted.add(entry & PLACE);
    }
  }

  @Override
  public void discard(long position, long bytes) throws IOException {
    long cluster = header.clusterSize();
    long end = clusterOf(position + bytes);
    for (long at = clusterOf(position + cluster - 1); at < end;) {
      if ((l1[l1Index(at)] & PLACE) == 0) {
        at = (l1Index(at) + 1L) * header.l2Entries() << header.clusterBits();
      } else {
        discardCluster(at);
        at += cluster;
      }
    }
  }

  /** What isn't there any more mustn't read as what the backing file has: it would be another one's content. */
  private void discardCluster(long at) throws IOException {
    if (!zeroWithoutIt() && header.version() == 2) {
      return;
    }
    makeRoom();
    ByteBuffer table = own(at);
    int index = index(at) * 8;
    long entry = table.getLong(index);
    if ((entry & COMPRESSED) == 0) {
      if ((entry & PLACE) == 0) {
        return;
      }
      requireOwn(at, entry, entry & PLACE);
    }
    name(at, table, index, zeroWithoutIt() ? 0 : ZERO);
    part(entry);
  }

  @Override
  public void flush() throws IOException {
    image.flush();
    refcounts.write();
    if (tables.hasChanged()) {
      tables.write();
      image.flush();
    }
    if (!l1Changed.isEmpty()) {
      for (int index : l1Changed) {
        image.write(header.l1Offset() + 8L * index, ByteBuffer.allocate(8).putLong(0, l1[index]).array(), 0, 8);
      }
      image.flush();
      l1Changed.clear();
    }
    for (long place : parted) {
      refcounts.give(place);
    }
    parted.clear();
  }

  @Override
  public String digest() throws IOException {
    settle();
    return super.digest();
  }

  /** What was given back is written, too. */
  private void settle() throws IOException {
    flush();
    if (refcounts.hasChanged()) {
      flush();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      settle();
    } finally {
      super.close();
    }
  }
}
