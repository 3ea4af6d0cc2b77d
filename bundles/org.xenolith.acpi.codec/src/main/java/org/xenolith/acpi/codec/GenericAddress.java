// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/**
 * A Generic Address Structure (ACPI 6.5, 5.2.3.2).
 *
 * @param space      address space: {@link #MEMORY}, {@link #PORTS}, 2 PCI configuration …
 * @param bitWidth   width of the register in bits, 0 to 255
 * @param bitOffset  first bit of it
 * @param accessSize 0 undefined, 1 byte, 2 word, 3 double word, 4 quad word
 * @param address    in that space
 */
public record GenericAddress(int space, int bitWidth, int bitOffset, int accessSize, long address) {
  /** Bytes of the structure. */
  public static final int SIZE = 12;
  /** System memory. */
  public static final int MEMORY = 0;
  /** I/O ports. */
  public static final int PORTS = 1;

  /** Registers in memory that are accessed as 32 bits. */
  public static GenericAddress words(long address) {
    return new GenericAddress(MEMORY, 32, 0, 3, address);
  }

  /**
   * A register at I/O ports.
   *
   * @param bytes of it: 1, 2 or 4
   */
  public static GenericAddress ports(int port, int bytes) {
    return new GenericAddress(PORTS, 8 * bytes, 0, Integer.numberOfTrailingZeros(bytes) + 1, port);
  }
}
