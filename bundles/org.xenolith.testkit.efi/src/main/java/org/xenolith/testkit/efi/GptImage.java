// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.xenolith.efi.api.EfiGuid;

/** A disk with a GUID partition table, both copies, and one EFI system partition (UEFI 2.10, 5.3). */
public final class GptImage {
  /** Bytes of a block. */
  public static final int BLOCK = 512;
  /** The partition's first block. */
  public static final int FIRST = 2048;
  private static final int ENTRIES = 128;
  private static final int ENTRY = 128;
  private static final EfiGuid ESP = EfiGuid.of("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
  private static final EfiGuid UNIQUE = EfiGuid.of("01020304-0506-0708-090a-0b0c0d0e0f10");

  private GptImage() {}

  private static int crc(byte[] bytes, int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }

  private static void header(ByteBuffer out, int at, int other, int entries, int last) {
    int base = at * BLOCK;
    out.put(base, "EFI PART".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(base + 8, 0x1_0000).putInt(base + 12, 92);
    out.putLong(base + 24, at).putLong(base + 32, other).putLong(base + 40, FIRST).putLong(base + 48, last);
    out.put(base + 56, UNIQUE.toBytes()).putLong(base + 72, entries).putInt(base + 80, ENTRIES).putInt(base + 84, ENTRY);
    out.putInt(base + 88, crc(out.array(), entries * BLOCK, ENTRIES * ENTRY)).putInt(base + 16, crc(out.array(), base, 92));
  }

  /** The disk. @param volume what is in the partition */
  public static byte[] of(byte[] volume) {
    int blocks = FIRST + volume.length / BLOCK;
    int total = blocks + 34;
    ByteBuffer out = ByteBuffer.allocate(total * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    out.put(446 + 4, (byte) 0xEE).putInt(446 + 8, 1).putInt(446 + 12, total - 1).putShort(510, (short) 0xAA55);
    for (int entries : new int[] {2, total - 33}) {
      int at = entries * BLOCK;
      out.put(at, ESP.toBytes()).put(at + 16, UNIQUE.toBytes()).putLong(at + 32, FIRST).putLong(at + 40, blocks - 1);
    }
    header(out, 1, total - 1, 2, total - 35);
    header(out, total - 1, 1, total - 33, total - 35);
    out.put(FIRST * BLOCK, volume);
    return out.array();
  }
}
