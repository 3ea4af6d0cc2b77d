// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

/** CRC-32 as UEFI has it (ITU-T V.42), of bytes that come in pieces: between two of them it is a number, which a call can keep. */
final class RunningCrc32 {
  private static final int POLYNOMIAL = 0xEDB8_8320;
  private static final int[] TABLE = table();

  private RunningCrc32() {}

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
      }
      table[i] = value;
    }
    return table;
  }

  /**
   * The checksum of what was before and of these bytes.
   *
   * @param before that of all bytes before these; 0 of none
   */
  static int of(int before, byte[] bytes) {
    int crc = ~before;
    for (byte each : bytes) {
      crc = crc >>> 8 ^ TABLE[(crc ^ each) & 0xFF];
    }
    return ~crc;
  }
}
