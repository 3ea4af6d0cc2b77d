// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private long next(long cluster) {
    return switch (volume.bits()) {
      case 12 -> {
        int pair = memory.get16(at + cluster + cluster / 2);
        yield (cluster & 1) == 0 ? pair & 0xFFF : pair >> 4;
      }
      case 16 -> memory.get16(at + 2 * cluster);
      default -> memory.get32(at + 4 * cluster) & 0x0FFF_FFFF;
    };
  }

  private boolean isEnd(long cluster) {
    return cluster >= (volume.bits() == 12 ? 0xFF8 : volume.bits() == 16 ? 0xFFF8 : 0x0FFF_FFF8);
  }

  /**
   * The pieces of a chain, with neighbours put together.
   *
   * @param first its first cluster
   * @return nothing if it leads out of the volume, to a free cluster or in a circle
   */
  Optional<List<Extent>> chain(long first) {
    List<Extent> extents = new ArrayList<>();
    long seen = 0;
    for (long cluster = first; !isEnd(cluster); cluster = next(cluster)) {
      if (!volume.has(cluster) || ++seen > volume.clusters()) {
        return Optional.empty();
      }
      long place = volume.place(cluster);
      Extent last = extents.isEmpty() ? null : extents.getLast();
      if (last != null && last.offset + last.size == place) {
        extents.set(extents.size() - 1, new Extent(last.offset, last.size + volume.cluster()));
      } else {
        extents.add(new Extent(place, volume.cluster()));
      }
    }
    return Optional.of(extents);
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
