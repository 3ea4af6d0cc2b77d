// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Whether an image is whole: each cluster is counted as often as it is used, or more often (leaked). What {@code qemu-img check} looks at, of images without internal snapshots. */
final class ImageCheck {
  private final byte[] file;
  private final int cluster;
  private final Map<Long, Integer> uses = new HashMap<>();

  private ImageCheck(byte[] file, int cluster) {
    this.file = file;
    this.cluster = cluster;
  }

  /** Returns the number of clusters that are leaked. */
  static int check(byte[] file) {
    ByteBuffer header = ByteBuffer.wrap(file);
    return new ImageCheck(file, 1 << header.getInt(20)).walk(header);
  }

  private int walk(ByteBuffer image) {
    int bits = image.getInt(20);
    use(0, cluster);
    int l1Entries = image.getInt(36);
    long l1 = image.getLong(40);
    use(l1, l1Entries * 8L);
    for (int i = 0; i < l1Entries; i++) {
      long l2 = image.getLong((int) l1 + 8 * i) & Qcow2Content.PLACE;
      if (l2 != 0) {
        use(l2, cluster);
        for (int j = 0; j < cluster / 8; j++) {
          long entry = image.getLong((int) l2 + 8 * j);
          if ((entry & Qcow2Content.COMPRESSED) != 0) {
            int placeBits = 62 - (bits - 8);
            long place = entry & (1L << placeBits) - 1;
            use(place, (((entry & (1L << 62) - 1) >>> placeBits) + 1) * 512 - (place & 511));
          } else if ((entry & Qcow2Content.PLACE) != 0) {
            use(entry & Qcow2Content.PLACE, cluster);
          }
        }
      }
    }
    long table = image.getLong(48);
    int clusters = image.getInt(56);
    use(table, (long) clusters * cluster);
    for (int i = 0; i < clusters * cluster / 8; i++) {
      long block = image.getLong((int) table + 8 * i);
      if (block != 0) {
        use(block, cluster);
      }
    }
    return counted(image, image.getInt(4) == 3 ? image.getInt(96) : 4, table, clusters);
  }

  private int counted(ByteBuffer image, int order, long table, int clusters) {
    int perBlock = cluster * 8 >> order;
    int leaked = 0;
    for (int index = 0; index < clusters * cluster / 8; index++) {
      int block = (int) image.getLong((int) table + 8 * index);
      for (int in = 0; block != 0 && in < perBlock; in++) {
        int said = order < 3 ? file[block + (in << order) / 8] >>> (in << order) % 8 & (1 << (1 << order)) - 1
            : file[block + (in + 1 << order - 3) - 1] & 0xFF;
        Integer used = uses.remove((long) index * perBlock + in);
        if (used != null && said < used) {
          fail("cluster " + ((long) index * perBlock + in) + " is used " + used + " times, and counted " + said);
        }
        leaked += said > (used == null ? 0 : used) ? 1 : 0;
      }
    }
    assertTrue(uses.isEmpty(), "clusters are used that nobody counts: " + uses);
    return leaked;
  }

  private void use(long from, long bytes) {
    assertTrue(from > 0 || bytes == cluster && from == 0, "used at " + from);
    for (long at = from / cluster; at <= (from + bytes - 1) / cluster; at++) {
      uses.merge(at, 1, Integer::sum);
    }
  }
}
