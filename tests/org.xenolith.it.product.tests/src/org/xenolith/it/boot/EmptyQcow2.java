// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.nio.ByteBuffer;

/** An image for QEMU with nothing in it, into which it puts snapshots. Source: QEMU's docs/interop/qcow2, version 2. */
final class EmptyQcow2 {
  private static final int MAGIC = 0x514649FB;
  private static final int CLUSTER_BITS = 16;
  private static final int CLUSTER = 1 << CLUSTER_BITS;
  /** Bytes that an entry of the first table stands for. */
  private static final long ENTRY = CLUSTER / 8L * CLUSTER;

  private EmptyQcow2() {}

  /** The file's bytes: header, table of reference counts, their only block, and the first table. @param size of the disk, in bytes */
  static byte[] image(long size) {
    ByteBuffer image = ByteBuffer.allocate(4 * CLUSTER);
    image.putInt(MAGIC).putInt(2).putLong(0).putInt(0).putInt(CLUSTER_BITS).putLong(size).putInt(0).putInt((int) Math.ceilDiv(size, ENTRY))
        .putLong(3L * CLUSTER).putLong(CLUSTER).putInt(1).putInt(0).putLong(0);
    image.putLong(CLUSTER, 2L * CLUSTER);
    for (int i = 0; i < 4; i++) {
      image.putShort(2 * CLUSTER + 2 * i, (short) 1);
    }
    return image.array();
  }
}
