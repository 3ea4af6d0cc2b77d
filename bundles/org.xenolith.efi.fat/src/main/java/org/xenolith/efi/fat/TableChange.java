// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.TreeSet;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;

/**
 * What one operation changes of a volume's table in memory (Microsoft, FAT 1.03, 4), and which of its sectors have to be written for it. Whether there is room is seen
 * to before anything is changed.
 */
final class TableChange {
  private static final int SECTOR = 512;

  private final Table table;
  private final Volume volume;
  private final long[] system;
  private final TreeSet<Long> sectors = new TreeSet<>();

  /** @param system numbers of the file system, where free clusters are counted */
  TableChange(Table table, long[] system) {
    this.table = table;
    volume = table.volume();
    this.system = system;
  }

  Table table() {
    return table;
  }

  /** Clusters that are free, counted once for as long as a volume is mounted. */
  long free() {
    if (system[FatLayer.FREE] == 0) {
      system[FatLayer.FREE] = 1 + table.free();
    }
    return system[FatLayer.FREE] - 1;
  }

  /** The cluster from which on a free one is looked for: behind the one that was taken last. */
  long hint() {
    return volume.has(system[FatLayer.HINT]) ? system[FatLayer.HINT] : 2;
  }

  /** Whether something of the table was changed. */
  boolean isChanged() { return !sectors.isEmpty(); }

  private void set(long cluster, long value) {
    long first = table.set(cluster, value);
    sectors.add(first / SECTOR);
    sectors.add((first + (volume.bits() == 12 ? 1 : 0)) / SECTOR); // twelve bits may lie in two sectors
  }

  /** @throws EfiError VOLUME_FULL unless so many clusters are free */
  void require(long clusters) {
    if (clusters > free()) {
      throw new EfiError(EfiStatus.VOLUME_FULL, clusters + " clusters are wanted, " + free() + " are free");
    }
  }

  /** Takes a free cluster, which ends its chain. */
  private long take() {
    long cluster = hint();
    for (long i = 0; i < volume.clusters(); i++) {
      if (table.next(cluster) == 0) {
        set(cluster, table.end());
        system[FatLayer.HINT] = cluster + 1;
        system[FatLayer.FREE]--;
        return cluster;
      }
      cluster = volume.has(cluster + 1) ? cluster + 1 : 2;
    }
    throw new EfiError(EfiStatus.VOLUME_FULL, "no cluster is free");
  }

  /**
   * Makes a chain long enough.
   *
   * @param first  its first cluster, 0 if there is none yet
   * @param last   one of it, from which on it is looked through; as first at least
   * @param index  which one that is
   * @param wanted how many it is to have
   * @return its first cluster
   */
  long extend(long first, long last, long index, long wanted) {
    long count = first == 0 ? 0 : index + 1;
    long end = last;
    while (first != 0 && count < wanted && volume.has(table.next(end))) {
      end = table.next(end);
      count++;
    }
    require(Math.max(0, wanted - count));
    long begin = first;
    for (; count < wanted; count++) {
      long cluster = take();
      if (begin == 0) {
        begin = cluster;
      } else {
        set(end, cluster);
      }
      end = cluster;
    }
    return begin;
  }

  /** Cuts a chain. @param first its first cluster @param kept how many of it stay; with 0 it is no chain any more */
  void cut(long first, long kept) {
    long cluster = first;
    if (kept > 0) {
      long last = table.along(first, kept - 1);
      cluster = table.next(last);
      if (volume.has(cluster)) {
        set(last, table.end());
      }
    }
    free(); // or those would count twice
    for (long i = 0; volume.has(cluster) && i < volume.clusters(); i++) {
      long next = table.next(cluster);
      if (next == 0) {
        return;
      }
      set(cluster, 0);
      system[FatLayer.FREE]++;
      cluster = next;
    }
  }

  /** What has to be written of all copies of the table. */
  void addTo(WriteList writes) {
    long sector = -1;
    for (long first : sectors) {
      if (first <= sector) {
        continue;
      }
      sector = first;
      while (sectors.contains(sector + 1)) {
        sector++;
      }
      long from = first * SECTOR;
      long size = Math.min((sector + 1) * SECTOR, volume.tableSize()) - from;
      for (int copy = 0; copy < volume.tables(); copy++) {
        writes.add(volume.tableAt() + copy * volume.tableSize() + from, size, table.at() + from);
      }
    }
  }
}
