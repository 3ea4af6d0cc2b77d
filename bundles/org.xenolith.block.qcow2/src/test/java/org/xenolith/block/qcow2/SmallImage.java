// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Makes images byte by byte, right or wrong, from docs/interop/qcow2.txt of QEMU alone. Clusters 0 to 2 are header, refcount table and its one block; then come the L1 table, and what is added. */
final class SmallImage {
  final int clusterBits;
  final int cluster;
  final int version;
  private final int order;
  private final long size;
  private final List<byte[]> clusters = new ArrayList<>();
  private final int l1;
  private final int l1Entries;

  SmallImage(int version, int clusterBits, int order, long size) {
    this.version = version;
    this.clusterBits = clusterBits;
    this.order = order;
    this.size = size;
    cluster = 1 << clusterBits;
    long perTable = (long) cluster / 8 << clusterBits;
    l1Entries = (int) ((size + perTable - 1) / perTable);
    for (int i = 0; i < 3; i++) {
      clusters.add(new byte[cluster]);
    }
    l1 = add(new byte[(l1Entries * 8 + cluster - 1) / cluster * cluster]);
    header().putInt(0, Qcow2Header.MAGIC).putInt(4, version).putInt(20, clusterBits).putLong(24, size).putInt(36, l1Entries).putLong(40,
        (long) l1 << clusterBits).putLong(48, cluster).putInt(56, 1);
    if (version == 3) {
      header().putInt(96, order).putInt(100, 112);
    }
    ByteBuffer.wrap(clusters.get(1)).putLong(0, 2L << clusterBits);
  }

  ByteBuffer header() {
    return ByteBuffer.wrap(clusters.get(0));
  }

  /** Appends clusters, and gives the first one's number. */
  int add(byte[] content) {
    int first = clusters.size();
    for (int at = 0; at < content.length; at += cluster) {
      clusters.add(Arrays.copyOfRange(content, at, at + cluster));
    }
    return first;
  }

  /** Says where the cluster at a place on the disk is. */
  void entry(long guest, long entry) {
    int perTable = cluster / 8;
    int index = (int) ((guest >>> clusterBits) / perTable);
    ByteBuffer table = ByteBuffer.wrap(clusters.get(l1 + index * 8 / cluster));
    int at = index * 8 % cluster;
    if (table.getLong(at) == 0) {
      table.putLong(at, (long) add(new byte[cluster]) << clusterBits | 1L << 63);
    }
    int l2 = (int) ((table.getLong(at) & Qcow2Content.PLACE) >>> clusterBits);
    ByteBuffer.wrap(clusters.get(l2)).putLong((int) ((guest >>> clusterBits) % perTable) * 8, entry);
  }

  void l1(int index, long entry) {
    ByteBuffer.wrap(clusters.get(l1 + index * 8 / cluster)).putLong(index * 8 % cluster, entry);
  }

  /** Puts content there. */
  void data(long guest, byte[] content) {
    entry(guest, (long) add(Arrays.copyOf(content, cluster)) << clusterBits | 1L << 63);
  }

  /** Puts packed content there. */
  void packed(long guest, byte[] content) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(Arrays.copyOf(content, cluster));
    deflater.finish();
    byte[] packed = new byte[cluster];
    int bytes = deflater.deflate(packed);
    deflater.end();
    long place = (long) add(packed) << clusterBits;
    entry(guest, Qcow2Content.COMPRESSED | (bytes - 1L >>> 9) << 62 - (clusterBits - 8) | place);
  }

  void backing(String name, String format) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = header();
    int at = version == 3 ? 112 : 72;
    if (!format.isEmpty()) {
      byte[] word = format.getBytes(StandardCharsets.US_ASCII);
      header.putInt(at, 0xE2792ACA).putInt(at + 4, word.length).put(at + 8, word);
      at += 8 + (word.length + 7 & ~7);
    }
    at += 8;
    header.putLong(8, at).putInt(16, text.length).put(at, text);
  }

  /** The file, with the refcounts of all clusters one. */
  byte[] bytes() {
    byte[] block = clusters.get(2);
    for (int i = 0; i < clusters.size(); i++) {
      if (order < 3) {
        block[(i << order) / 8] |= (byte) (1 << (i << order) % 8);
      } else {
        block[(i + 1 << order - 3) - 1] = 1;
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    clusters.forEach(file::writeBytes);
    return file.toByteArray();
  }

  long size() {
    return size;
  }
}
