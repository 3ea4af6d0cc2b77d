// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * A volume's table in memory.
 *
 * @param memory of the guest
 * @param at     where the table was read to
 * @param volume whose it is
 */
record Table(EfiRam memory, long at, Volume volume) {
  /** Bytes of the volume that lie together. */
  record Extent(long offset, long size) {}

  /** What the table has of a cluster: the next one, 0 if it is free, or a mark. */
  long next(long cluster) {
    return switch (volume.bits()) {
      case 12 -> {
        int pair = memory.get16(at + cluster + cluster / 2);
        yield (cluster & 1) == 0 ? pair & 0xFFF : pair >> 4;
      }
      case 16 -> memory.get16(at + 2 * cluster);
      default -> memory.get32(at + 4 * cluster) & 0x0FFF_FFFF;
    };
  }

  /** The mark of a chain's last cluster. */
  long end() {
    return volume.bits() == 12 ? 0xFFF : volume.bits() == 16 ? 0xFFFF : 0x0FFF_FFFF;
  }

  /** Sets what the table has of a cluster; the four bits of 32 that are nobody's stay. @return where in the table that begins */
  long set(long cluster, long value) {
    switch (volume.bits()) {
      case 12 -> {
        long place = cluster + cluster / 2;
        int pair = memory.get16(at + place);
        memory.put16(at + place, (cluster & 1) == 0 ? pair & 0xF000 | value & 0xFFF : pair & 0xF | (value & 0xFFF) << 4);
        return place;
      }
      case 16 -> {
        memory.put16(at + 2 * cluster, value);
        return 2 * cluster;
      }
      default -> {
        memory.put32(at + 4 * cluster, memory.get32(at + 4 * cluster) & 0xF000_0000L | value & 0x0FFF_FFFF);
        return 4 * cluster;
      }
    }
  }

  private boolean isEnd(long cluster) {
    return cluster >= (volume.bits() == 12 ? 0xFF8 : volume.bits() == 16 ? 0xFFF8 : 0x0FFF_FFF8);
  }

  /**
   * How many clusters a chain has.
   *
   * @param first its first cluster
   * @return 0 if it leads out of the volume, to a free cluster or in a circle
   */
  long clusters(long first) {
    long seen = 0;
    for (long cluster = first; !isEnd(cluster); cluster = next(cluster)) {
      if (!volume.has(cluster) || ++seen > volume.clusters()) {
        return 0;
      }
    }
    return seen;
  }

  /** Whether a chain has an end. @param first its first cluster */
  boolean isGood(long first) {
    return clusters(first) != 0;
  }

  /**
   * Goes along a chain.
   *
   * @param from  a cluster of it
   * @param steps how far
   * @return the cluster there
   * @throws EfiError VOLUME_CORRUPTED if the chain ends before, or leads out of the volume
   */
  long along(long from, long steps) {
    long cluster = from;
    for (long i = 0; i < steps && volume.has(cluster); i++) {
      cluster = next(cluster);
    }
    if (!volume.has(cluster)) {
      throw new EfiError(EfiStatus.VOLUME_CORRUPTED, "cluster " + from + ": its chain is shorter than what it is said to hold");
    }
    return cluster;
  }

  /** Bytes that lie together from a cluster on, as its chain goes: of whole clusters, and not many more than so many. */
  long together(long from, long most) {
    long size = volume.cluster();
    for (long cluster = from; size < most && next(cluster) == cluster + 1 && volume.has(cluster + 1); cluster++) {
      size += volume.cluster();
    }
    return size;
  }

  /** Clusters that are free. */
  long free() {
    long free = 0;
    for (long cluster = 2; cluster < volume.clusters() + 2; cluster++) {
      free += next(cluster) == 0 ? 1 : 0;
    }
    return free;
  }
}
