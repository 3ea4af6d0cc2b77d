// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.xenolith.block.kit.ImageBytes;

/** Tables of one cluster each, by their place in the image: those that were used last, and all that were changed and aren't in the image yet. */
final class TableCache {
  /** Bytes that are kept beside what was changed. */
  private static final int ROOM = 8 << 20;

  private final ImageBytes image;
  private final int clusterSize;
  private final Map<Long, ByteBuffer> tables = new LinkedHashMap<>(16, 0.75f, true);
  private final TreeSet<Long> changed = new TreeSet<>();

  TableCache(ImageBytes image, int clusterSize) {
    this.image = image;
    this.clusterSize = clusterSize;
  }

  /** The table at a place, big-endian as it is there. */
  ByteBuffer at(long place) throws IOException {
    ByteBuffer table = tables.get(place);
    if (table == null) {
      byte[] bytes = new byte[clusterSize];
      image.read(place, bytes, 0, clusterSize);
      table = ByteBuffer.wrap(bytes);
      makeRoom();
      tables.put(place, table);
    }
    return table;
  }

  /** A new one at a place, all zeros, which is written like one that was changed. */
  ByteBuffer fresh(long place) {
    ByteBuffer table = ByteBuffer.allocate(clusterSize);
    tables.put(place, table);
    changed.add(place);
    return table;
  }

  private void makeRoom() {
    Iterator<Long> oldest = tables.keySet().iterator();
    for (int over = tables.size() + 1 - Math.max(ROOM / clusterSize, 2); over > 0 && oldest.hasNext();) {
      if (!changed.contains(oldest.next())) {
        oldest.remove();
        over--;
      }
    }
  }

  /** The table at a place was changed. */
  void changed(long place) {
    changed.add(place);
  }

  /** Whether there are more changed ones than should be kept. */
  boolean full() {
    return changed.size() >= Math.max(ROOM / clusterSize, 2);
  }

  boolean hasChanged() {
    return !changed.isEmpty();
  }

  /** Writes what was changed. */
  void write() throws IOException {
    for (long place : changed) {
      image.write(place, tables.get(place).array(), 0, clusterSize);
    }
    changed.clear();
  }

  /** Forgets a table that is none any more. */
  void drop(long place) {
    tables.remove(place);
    changed.remove(place);
  }
}
