// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

/**
 * CRC32 (polynomial 0x04C11DB7) and CRC32C (0x1EDC6F41) instructions: bit-reflected, little-endian, without the inversions
 * before and after that checksum formats add.
 */
public final class Crc32 {
  private static final int[] CRC32 = tables(0xEDB8_8320);
  private static final int[] CRC32C = tables(0x82F6_3B78);

  private Crc32() {}

  /** Eight tables of 256: table k advances a byte over k more bytes of zeros. */
  private static int[] tables(int reflected) {
    int[] table = new int[8 * 256];
    for (int i = 0; i < 256; i++) {
      int x = i;
      for (int bit = 0; bit < 8; bit++) {
        x = x >>> 1 ^ reflected & -(x & 1);
      }
      table[i] = x;
    }
    for (int i = 256; i < table.length; i++) {
      table[i] = table[i - 256] >>> 8 ^ table[table[i - 256] & 0xFF];
    }
    return table;
  }

  private static int b(int[] table, int acc, int value) {
    return acc >>> 8 ^ table[(acc ^ value) & 0xFF];
  }

  private static int h(int[] table, int acc, int value) {
    int x = acc ^ value;
    return acc >>> 16 ^ table[256 + (x & 0xFF)] ^ table[x >>> 8 & 0xFF];
  }

  private static int w(int[] table, int x) {
    return table[768 + (x & 0xFF)] ^ table[512 + (x >>> 8 & 0xFF)] ^ table[256 + (x >>> 16 & 0xFF)] ^ table[x >>> 24];
  }

  private static int x(int[] table, int acc, long value) {
    int low = acc ^ (int) value;
    return table[1792 + (low & 0xFF)] ^ table[1536 + (low >>> 8 & 0xFF)] ^ table[1280 + (low >>> 16 & 0xFF)]
        ^ table[1024 + (low >>> 24)] ^ w(table, (int) (value >>> 32));
  }

  /** CRC32B: the low 8 bits of {@code value} are added. */
  public static int crc32b(int acc, int value) {
    return b(CRC32, acc, value);
  }

  /** CRC32H: the low 16 bits. */
  public static int crc32h(int acc, int value) {
    return h(CRC32, acc, value);
  }

  /** CRC32W: 32 bits. */
  public static int crc32w(int acc, int value) {
    return w(CRC32, acc ^ value);
  }

  /** CRC32X: 64 bits. */
  public static int crc32x(int acc, long value) {
    return x(CRC32, acc, value);
  }

  /** CRC32CB. */
  public static int crc32cb(int acc, int value) {
    return b(CRC32C, acc, value);
  }

  /** CRC32CH. */
  public static int crc32ch(int acc, int value) {
    return h(CRC32C, acc, value);
  }

  /** CRC32CW. */
  public static int crc32cw(int acc, int value) {
    return w(CRC32C, acc ^ value);
  }

  /** CRC32CX. */
  public static int crc32cx(int acc, long value) {
    return x(CRC32C, acc, value);
  }
}
