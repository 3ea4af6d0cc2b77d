// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.xenolith.block.kit.ImageBytes;

/**
 * How often each cluster of an image is used ("Host cluster management" in docs/interop/qcow2.txt of QEMU), and which ones nobody uses: those that were given back, and those
 * behind the file's end. Kept in memory until {@link #write}.
 */
final class Refcounts {
  private static final long PLACE = -0x200L;
  /** QEMU's bound of the table, in bytes. */
  private static final long LARGEST_TABLE = 8L << 20;

  private final String name;
  private final ImageBytes image;
  private final Qcow2Header header;
  private final TableCache blocks;
  private final int perBlock;
  private final TreeSet<Integer> changed = new TreeSet<>();
  private final TreeSet<Long> free = new TreeSet<>();
  /** Clusters of a table that was outgrown. */
  private final List<Long> outgrown = new ArrayList<>();
  /** Places of blocks. */
  private long[] table;
  private long place;
  private boolean moved;
  /** The first cluster behind all that are used. */
  private long end;

  Refcounts(String name, ImageBytes image, Qcow2Header header) throws IOException {
    this.name = name;
    this.image = image;
    this.header = header;
    blocks = new TableCache(image, header.clusterSize());
    perBlock = header.clusterSize() * 8 >>> header.refcountOrder();
    place = header.refcountTable();
    table = new long[header.refcountClusters() * header.clusterSize() / 8];
    byte[] bytes = new byte[table.length * 8];
    image.read(place, bytes, 0, bytes.length);
    ByteBuffer.wrap(bytes).asLongBuffer().get(table);
    end = (image.length() + header.clusterSize() - 1) / header.clusterSize();
  }

  /** Where the file ends when all is written, in bytes. */
  long end() {
    return end << header.clusterBits();
  }

  /** Takes a cluster that nobody uses. Returns its place. */
  long allocate() throws IOException {
    Long given = free.pollFirst();
    long cluster = given != null ? given : next();
    set(cluster, 1);
    return cluster << header.clusterBits();
  }

  private long next() throws IOException {
    while (get(end) != 0) {
      end++;
    }
    return end++;
  }

  /** One that used the cluster at a place doesn't any more. */
  void give(long at) throws IOException {
    long cluster = at >>> header.clusterBits();
    long uses = get(cluster);
    if (uses > 0) {
      set(cluster, uses - 1);
      if (uses == 1) {
        free.add(cluster);
      }
    }
  }

  private long get(long cluster) throws IOException {
    long index = cluster / perBlock;
    if (index >= table.length || (table[(int) index] & PLACE) == 0) {
      return 0;
    }
    byte[] block = block((int) index).array();
    int in = (int) (cluster % perBlock);
    int order = header.refcountOrder();
    if (order < 3) {
      int bits = 1 << order;
      return block[in * bits / 8] >>> in * bits % 8 & (1 << bits) - 1;
    }
    long uses = 0;
    for (int i = 0; i < 1 << order - 3; i++) {
      uses = uses << 8 | block[(in << order - 3) + i] & 0xFF;
    }
    return uses;
  }

  private void set(long cluster, long uses) throws IOException {
    long index = cluster / perBlock;
    if (index >= table.length) {
      grow(index);
    }
    if ((table[(int) index] & PLACE) == 0) {
      addBlock((int) index);
    }
    byte[] block = block((int) index).array();
    int in = (int) (cluster % perBlock);
    int order = header.refcountOrder();
    if (order < 3) {
      int bits = 1 << order;
      int mask = (1 << bits) - 1 << in * bits % 8;
      block[in * bits / 8] = (byte) (block[in * bits / 8] & ~mask | (int) uses << in * bits % 8);
    } else {
      int bytes = 1 << order - 3;
      for (int i = 0; i < bytes; i++) {
        block[in * bytes + i] = (byte) (uses >>> 8 * (bytes - 1 - i));
      }
    }
    blocks.changed(table[(int) index] & PLACE);
  }

  private ByteBuffer block(int index) throws IOException {
    long at = table[index] & PLACE;
    if ((at & header.clusterSize() - 1) != 0 || at > Math.max(image.length(), end()) - header.clusterSize()) {
      throw Qcow2Header.refused(name, "entry " + index + " of its refcount table, at 0x" + Long.toHexString(place + 8L * index)
          + ", says a block at 0x" + Long.toHexString(at) + ", where no cluster of this file is");
    }
    return blocks.at(at);
  }

  /** The block may have its own count. */
  private void addBlock(int index) throws IOException {
    long cluster = next();
    table[index] = cluster << header.clusterBits();
    blocks.fresh(table[index]);
    changed.add(index);
    set(cluster, 1);
  }

  /** Another, larger table, behind all that there is. */
  private void grow(long index) throws IOException {
    int inCluster = header.clusterSize() / 8;
    long clusters = Math.max(2L * table.length / inCluster, index / inCluster + 2);
    if (clusters << header.clusterBits() > LARGEST_TABLE) {
      throw new IOException(name + ": is as large as one with clusters of " + header.clusterSize()
          + " bytes can be; make one with larger ones: qemu-img convert -O qcow2 -o cluster_size=64k " + name + ' ' + name + ".larger");
    }
    for (int i = 0; i < table.length / inCluster; i++) {
      outgrown.add(place + ((long) i << header.clusterBits()));
    }
    long first = end;
    end += clusters;
    place = first << header.clusterBits();
    table = Arrays.copyOf(table, (int) clusters * inCluster);
    moved = true;
    for (long cluster = first; cluster < first + clusters; cluster++) {
      set(cluster, 1);
    }
  }

  boolean hasChanged() {
    return blocks.hasChanged() || moved || !changed.isEmpty();
  }

  /** Writes what has changed; all of it is durable then, in an order in which no table names what isn't there. */
  void write() throws IOException {
    if (blocks.hasChanged()) {
      blocks.write();
      image.flush();
    }
    if (moved) {
      ByteBuffer bytes = ByteBuffer.allocate(table.length * 8);
      bytes.asLongBuffer().put(table);
      image.write(place, bytes.array(), 0, bytes.capacity());
      image.flush();
      byte[] where = ByteBuffer.allocate(12).putLong(place).putInt(table.length * 8 >>> header.clusterBits()).array();
      image.write(Qcow2Header.REFCOUNT_TABLE_AT, where, 0, where.length);
      image.flush();
      moved = false;
      changed.clear();
      List<Long> old = List.copyOf(outgrown);
      outgrown.clear();
      for (long at : old) {
        give(at);
      }
    } else if (!changed.isEmpty()) {
      for (int index : changed) {
        image.write(place + 8L * index, ByteBuffer.allocate(8).putLong(0, table[index]).array(), 0, 8);
      }
      image.flush();
      changed.clear();
    }
  }
}
