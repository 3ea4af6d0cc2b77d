// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.xenolith.efi.api.EfiGuid;

/** GUID partition tables (UEFI 2.10, 5.3): functions of bytes. */
final class Gpt {
  private static final long SIGNATURE = 0x5452_4150_2049_4645L;
  private static final int HEADER = 92;
  private static final int CRC_AT = 16;
  static final int SMALLEST_ENTRY = 128;
  private static final int MOST_BYTES = 1 << 20;
  private static final EfiGuid UNUSED = EfiGuid.of("00000000-0000-0000-0000-000000000000");

  private Gpt() {}

  /**
   * A header whose checksum is right.
   *
   * @param block   where it says that it is
   * @param entries block of the first entry
   * @param count   entries
   * @param size    bytes of an entry
   * @param crc     of the entries
   * @param first   block that a partition may have
   * @param last    block that a partition may have
   */
  record Header(long block, long entries, int count, int size, int crc, long first, long last) {
    /** Bytes of the entries. */
    int bytes() {
      return count * size;
    }
  }

  /** A partition. @param number from 1 on; @param type its kind; @param unique its own GUID; @param first block; @param last block */
  record Partition(int number, EfiGuid type, EfiGuid unique, long first, long last) {}

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * The header that is in a block; nothing if there is none that is whole.
   *
   * @param block  the bytes
   * @param at     which block that is
   * @param blocks of the disk
   */
  static Optional<Header> header(byte[] block, long at, long blocks) {
    ByteBuffer in = ByteBuffer.wrap(block.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int length = in.getInt(12);
    if (in.getLong(0) != SIGNATURE || length < HEADER || length > block.length) {
      return Optional.empty();
    }
    int crc = in.getInt(CRC_AT);
    in.putInt(CRC_AT, 0);
    Header header = new Header(in.getLong(24), in.getLong(72), in.getInt(80), in.getInt(84), in.getInt(88), in.getLong(40), in.getLong(48));
    boolean entries = header.size >= SMALLEST_ENTRY && Integer.bitCount(header.size) == 1 && header.count > 0
        && (long) header.count * header.size <= MOST_BYTES;
    boolean places = header.entries > 0 && header.entries < blocks && header.first > 0 && header.first <= header.last + 1
        && header.last < blocks;
    return crc == crc(in.array(), length) && header.block == at && entries && places ? Optional.of(header) : Optional.empty();
  }

  /** The partitions; nothing if the checksum of the entries is wrong. Entries outside of the disk, or over one another, are left out. */
  static Optional<List<Partition>> partitions(Header header, byte[] entries) {
    if (entries.length < header.bytes() || crc(entries, header.bytes()) != header.crc) {
      return Optional.empty();
    }
    List<Partition> found = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < header.count; i++) {
      int at = i * header.size;
      EfiGuid type = EfiGuid.ofBytes(entries, at);
      Partition partition = new Partition(i + 1, type, EfiGuid.ofBytes(entries, at + 16), in.getLong(at + 32), in.getLong(at + 40));
      if (!type.equals(UNUSED) && partition.first >= header.first && partition.first <= partition.last && partition.last <= header.last
          && found.stream().noneMatch(other -> other.first <= partition.last && partition.first <= other.last)) {
        found.add(partition);
      }
    }
    return Optional.of(found);
  }
}
