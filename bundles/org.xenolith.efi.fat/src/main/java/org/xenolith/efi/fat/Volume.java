// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the first sector of a FAT volume says (Microsoft, FAT: General Overview of On-Disk Format, 1.03), with what follows from it; offsets
 * and sizes in bytes. A function of bytes.
 *
 * @param bits         12, 16 or 32
 * @param cluster      bytes of a cluster
 * @param tableAt      where the first table begins
 * @param tableSize    bytes of a table
 * @param rootAt       where the root directory begins; 0 with 32 bits
 * @param rootSize     its bytes; 0 with 32 bits
 * @param rootCluster  the root directory's first cluster; 0 unless it has 32 bits
 * @param dataAt       where cluster 2 begins
 * @param clusters     how many there are
 * @param size         of the volume, which may be more than there is of it
 * @param label        as text
 */
record Volume(int bits, int cluster, long tableAt, long tableSize, long rootAt, long rootSize, long rootCluster, long dataAt, long clusters,
    long size, String label) {
  /** Bytes of the first sector. */
  static final int SECTOR = 512;
  private static final int FEW = 4085;
  private static final int SOME = 65525;
  private static final int ENTRY = 32;
  private static final int MOST_CLUSTER = 1 << 18;

  /**
   * The volume of a first sector; nothing if it is none. It may say that it is longer than what it lies in, as one does that was made before its partition was
   * cut for a table behind it; only what comes before its clusters has to be there.
   *
   * @param available bytes that there are
   */
  static Optional<Volume> of(byte[] sector, long available) {
    ByteBuffer in = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
    int bytes = in.getShort(11) & 0xFFFF;
    int perCluster = in.get(13) & 0xFF;
    int reserved = in.getShort(14) & 0xFFFF;
    int tables = in.get(16) & 0xFF;
    int rootEntries = in.getShort(17) & 0xFFFF;
    long sectors = in.getShort(19) != 0 ? in.getShort(19) & 0xFFFF : in.getInt(32) & 0xFFFF_FFFFL;
    long perTable = in.getShort(22) != 0 ? in.getShort(22) & 0xFFFF : in.getInt(36) & 0xFFFF_FFFFL;
    boolean jump = (sector[0] & 0xFF) == 0xEB || (sector[0] & 0xFF) == 0xE9;
    if (!jump || bytes < SECTOR || bytes > 4096 || Integer.bitCount(bytes) != 1 || Integer.bitCount(perCluster) != 1 || reserved == 0
        || tables == 0 || sectors == 0 || perTable == 0 || (long) bytes * perCluster > MOST_CLUSTER) {
      return Optional.empty();
    }
    long rootSize = (long) rootEntries * ENTRY + bytes - 1 & -bytes;
    long tableAt = (long) reserved * bytes;
    long rootAt = tableAt + tables * perTable * bytes;
    long dataAt = rootAt + rootSize;
    long clusters = (sectors * bytes - dataAt) / ((long) bytes * perCluster);
    int bits = clusters < FEW ? 12 : clusters < SOME ? 16 : 32;
    long rootCluster = bits == 32 ? in.getInt(44) & 0x0FFF_FFFF : 0;
    if (clusters <= 0 || dataAt > available || (clusters + 2) * bits > perTable * bytes * 8 || bits == 32 && (rootEntries != 0
        || rootCluster < 2)
        || bits != 32 && rootEntries == 0) {
      return Optional.empty();
    }
    String label = new String(sector, labelAt(bits), 11, StandardCharsets.US_ASCII).strip();
    return Optional.of(new Volume(bits, bytes * perCluster, tableAt, perTable * bytes, bits == 32 ? 0 : rootAt, rootSize,
        rootCluster, dataAt, clusters, sectors * bytes, label));
  }

  private static int labelAt(int bits) {
    return bits == 32 ? 71 : 43;
  }

  /** Where the first sector has the label. */
  int labelAt() {
    return labelAt(bits);
  }

  /** How many copies of the table there are. */
  int tables() {
    return (int) (((bits == 32 ? dataAt : rootAt) - tableAt) / tableSize);
  }

  /** Where a cluster is. */
  long place(long number) {
    return dataAt + (number - 2) * cluster;
  }

  /** Whether there is such a cluster. */
  boolean has(long number) {
    return number >= 2 && number < clusters + 2;
  }
}
