// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.xenolith.block.api.BlockDevice;

/**
 * A sector of the log. Each begins with a head of its own and a record begins with a sector, so that no write touches what was written
 * before, damage stays in its sector, and no data of a guest can be taken for a head. Little-endian:
 *
 * <pre>
 *  0 u32 "XVLF"       4 u32 CRC32C of the bytes behind it    8 u64 generation   16 u64 sequence of the record
 * 24 u16 index in it 26 u16 sectors of it                   28 u16 bytes here   30 u8 kind   31 u8 1 in a checkpoint   32 payload
 * </pre>
 *
 * @param generation of the log; its parity says in which half it is
 * @param sequence   number of the record, never used twice
 * @param index      of this sector in the record
 * @param count      sectors of the record
 * @param kind       of the record
 * @param checkpoint whether it is part of the checkpoint that a generation begins with
 * @param payload    what is here of the record's
 */
record LogFrame(long generation, long sequence, int index, int count, LogRecord.Kind kind, boolean checkpoint, byte[] payload) {
  private static final int MAGIC = 0x464C_5658;
  private static final int HEAD = 32;
  /** Bytes of a record in a sector. */
  static final int PAYLOAD = BlockDevice.SECTOR - HEAD;

  /** The sectors of a record. */
  static byte[] sectors(LogRecord record, long generation, long sequence, boolean checkpoint) {
    int count = record.sectors();
    byte[] all = new byte[count * BlockDevice.SECTOR];
    for (int i = 0; i < count; i++) {
      int from = i * PAYLOAD;
      int length = Math.min(PAYLOAD, record.payload().length - from);
      ByteBuffer out = ByteBuffer.wrap(all, i * BlockDevice.SECTOR, BlockDevice.SECTOR).slice().order(ByteOrder.LITTLE_ENDIAN);
      out.putInt(MAGIC).putInt(0).putLong(generation).putLong(sequence).putShort((short) i).putShort((short) count)
          .putShort((short) length).put((byte) record.kind().ordinal()).put((byte) (checkpoint ? 1 : 0))
          .put(record.payload(), from, length);
      out.putInt(4, crc(all, i * BlockDevice.SECTOR));
    }
    return all;
  }

  /** The frame in a sector; null if that isn't whole. */
  static LogFrame read(byte[] bytes, int at) {
    ByteBuffer in = ByteBuffer.wrap(bytes, at, BlockDevice.SECTOR).slice().order(ByteOrder.LITTLE_ENDIAN);
    int length = in.getShort(28) & 0xFFFF;
    int kind = in.get(30) & 0xFF;
    if (in.getInt(0) != MAGIC || in.getInt(4) != crc(bytes, at) || length > PAYLOAD || kind >= LogRecord.Kind.values().length) {
      return null;
    }
    byte[] payload = new byte[length];
    in.get(HEAD, payload);
    return new LogFrame(in.getLong(8), in.getLong(16), in.getShort(24) & 0xFFFF, in.getShort(26) & 0xFFFF, LogRecord.Kind.values()[kind],
        in.get(31) != 0, payload);
  }

  /** Why a sector that isn't a whole frame isn't one. */
  static String reason(byte[] bytes, int at) {
    ByteBuffer in = ByteBuffer.wrap(bytes, at, BlockDevice.SECTOR).slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != MAGIC) {
      return isBlank(bytes, at) ? "it is blank" : "it doesn't begin as a record does";
    }
    int crc = crc(bytes, at);
    return in.getInt(4) != crc ? "its CRC32C is 0x%08x and should be 0x%08x".formatted(in.getInt(4), crc) : "it is of a later version";
  }

  /** Whether a sector is all zeros. */
  static boolean isBlank(byte[] bytes, int at) {
    for (int i = at; i < at + BlockDevice.SECTOR; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int crc(byte[] bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at + 8, BlockDevice.SECTOR - 8);
    return (int) crc.getValue();
  }

  /** Whether another sector is a part of the same record. */
  boolean continues(LogFrame first, int at) {
    return generation == first.generation && sequence == first.sequence && index == at && count == first.count && kind == first.kind
        && checkpoint == first.checkpoint;
  }
}
