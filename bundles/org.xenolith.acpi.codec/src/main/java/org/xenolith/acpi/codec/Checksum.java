// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/** The checksum of a table: a byte that makes the sum of all 0 modulo 256. */
public final class Checksum {
  private Checksum() {}

  /** Sum of bytes, modulo 256; 0 for a sound table. */
  public static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes[i];
    }
    return sum & 0xff;
  }

  /** Sets the byte at {@code at} so that those of the range sum up to 0. */
  public static void set(byte[] bytes, int from, int to, int at) {
    bytes[at] = 0;
    bytes[at] = (byte) -sum(bytes, from, to);
  }
}
