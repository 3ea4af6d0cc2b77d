// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/**
 * What a register table says of one register. Bits in none of the masks read as the stored value (reset value unless
 * the device changes it) and ignore writes.
 *
 * @param offset byte offset in the window
 * @param size   width in bytes: 4 or 8
 * @param rw     bits that software reads and writes
 * @param w1c    bits that a written one clears
 * @param unimp  bits the manual defines but the model does not build: a written one is reported
 * @param reset  value after a cold reset
 * @param ref    clause of the manual
 */
public record RegisterSpec(int offset, int size, long rw, long w1c, long unimp, long reset, String ref) {

  /** A read-only-zero 32-bit register at {@code offset}; refine it with the other methods. */
  public static RegisterSpec at(int offset, String ref) {
    return new RegisterSpec(offset, 4, 0, 0, 0, 0, ref);
  }

  /** The same register, 64 bits wide. */
  public RegisterSpec wide() {
    return new RegisterSpec(offset, 8, rw, w1c, unimp, reset, ref);
  }

  /** The same register with the read-write bits {@code mask}. */
  public RegisterSpec rw(long mask) {
    return new RegisterSpec(offset, size, mask, w1c, unimp, reset, ref);
  }

  /** The same register with the write-one-to-clear bits {@code mask}. */
  public RegisterSpec w1c(long mask) {
    return new RegisterSpec(offset, size, rw, mask, unimp, reset, ref);
  }

  /** The same register with the bits {@code mask} named as not built. */
  public RegisterSpec unimp(long mask) {
    return new RegisterSpec(offset, size, rw, w1c, mask, reset, ref);
  }

  /** The same register with the reset value {@code value}. */
  public RegisterSpec reset(long value) {
    return new RegisterSpec(offset, size, rw, w1c, unimp, value, ref);
  }
}
