// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

/**
 * One access to a register, or one hypercall, that code of the guest makes. Its result is {@link Call#accessed}: what was read, what a
 * hypercall returned, or 0.
 *
 * @param kind    what is done
 * @param size    bytes: 1, 2, 4 or 8; of a hypercall 0
 * @param address of the register, or the hypercall's number
 * @param value   what is written, or the bits that are waited for
 * @param others  the arguments of a hypercall, five of them; else empty
 */
public record EfiAccess(Kind kind, int size, long address, long value, long... others) {
  /** Reads that a wait makes before it is given up; its result is then what was read last, and has one of the bits. */
  public static final int MOST_READS = 1 << 16;

  /** What is done. */
  public enum Kind {
    /** A register is read. */
    READ,
    /** A register is written. */
    WRITE,
    /** A register is read until these bits are 0. */
    UNTIL_CLEAR,
    /** A hypercall of Xen is made (HVC #0xEA1, number in x16). */
    HYPERCALL
  }

  /** Reads a register. */
  public static EfiAccess read(int size, long address) {
    return new EfiAccess(Kind.READ, size, address, 0);
  }

  /** Writes a register. */
  public static EfiAccess write(int size, long address, long value) {
    return new EfiAccess(Kind.WRITE, size, address, value);
  }

  /** Reads a register until bits are 0. */
  public static EfiAccess untilClear(int size, long address, long bits) {
    return new EfiAccess(Kind.UNTIL_CLEAR, size, address, bits);
  }

  /** Makes a hypercall; arguments that aren't said are 0. */
  public static EfiAccess hypercall(long number, long... arguments) {
    return new EfiAccess(Kind.HYPERCALL, 0, number, 0, java.util.Arrays.copyOf(arguments, 5));
  }
}
