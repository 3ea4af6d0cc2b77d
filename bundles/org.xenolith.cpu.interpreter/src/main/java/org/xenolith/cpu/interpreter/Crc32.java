package org.xenolith.cpu.interpreter;

/** The CRC32 instructions' arithmetic: reflected, no inversion before or after. */
final class Crc32 {
  /** Reflected polynomial of CRC32B to CRC32X. */
  static final int IEEE = 0xEDB8_8320;
  /** Reflected polynomial of CRC32CB to CRC32CX. */
  static final int CASTAGNOLI = 0x82F6_3B78;
  private static final int[] IEEE_TABLE = table(IEEE);
  private static final int[] CASTAGNOLI_TABLE = table(CASTAGNOLI);

  private Crc32() { }

  private static int[] table(int polynomial) {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) != 0 ? value >>> 1 ^ polynomial : value >>> 1;
      }
      table[i] = value;
    }
    return table;
  }

  /** Takes {@code size} bytes of {@code data}, lowest first, into the accumulator. */
  static int update(int accumulator, long data, int size, int polynomial) {
    int[] table = polynomial == IEEE ? IEEE_TABLE : CASTAGNOLI_TABLE;
    int crc = accumulator;
    for (int i = 0; i < size; i++) {
      crc = table[(crc ^ (int) (data >>> 8 * i)) & 0xFF] ^ crc >>> 8;
    }
    return crc;
  }
}
