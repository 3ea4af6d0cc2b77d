// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/**
 * Which access sizes a window's handler sees. A guest's access narrower than {@code min} becomes one of {@code min} bytes:
 * a read takes its lanes out of it, a write puts its lanes in and zero in the others. One wider than {@code max} is split
 * into ascending accesses of {@code max} bytes. With {@code strict} both are an external abort instead.
 *
 * @param min    narrowest access in bytes: 1, 2, 4 or 8
 * @param max    widest access in bytes: 1, 2, 4 or 8
 * @param strict whether other sizes abort
 */
public record AccessRule(int min, int max, boolean strict) {
  /** The handler sees 32-bit accesses only: the usual peripheral. */
  public static final AccessRule WORD = new AccessRule(4, 4, false);
  /** The handler sees bytes, half-words and words as the guest makes them. */
  public static final AccessRule UP_TO_WORD = new AccessRule(1, 4, false);
  /** The handler sees every size as the guest makes it. */
  public static final AccessRule ANY = new AccessRule(1, 8, false);
  /** The handler sees bytes only. */
  public static final AccessRule BYTE = new AccessRule(1, 1, false);

  /** @throws IllegalArgumentException if the sizes are not 1, 2, 4 or 8 with {@code min <= max} */
  public AccessRule {
    if (Integer.bitCount(min) != 1 || Integer.bitCount(max) != 1 || min < 1 || max > 8 || min > max) {
      throw new IllegalArgumentException("access sizes " + min + ".." + max + ": expected 1, 2, 4 or 8 in order");
    }
  }

  /**
   * A guest's naturally aligned read of {@code size} bytes, as {@code handler} is to see it.
   *
   * @throws ExternalAbort if the rule is strict and the size another
   */
  public long read(MmioHandler handler, long offset, int size) {
    if (size >= min && size <= max) {
      return handler.read(offset, size) & mask(size);
    }
    if (strict) {
      throw ExternalAbort.INSTANCE;
    }
    if (size < min) {
      long lane = offset & min - 1;
      return handler.read(offset - lane, min) >>> lane * 8 & mask(size);
    }
    long all = 0;
    for (int at = 0; at < size; at += max) {
      all |= (handler.read(offset + at, max) & mask(max)) << at * 8;
    }
    return all;
  }

  /**
   * A guest's naturally aligned write of {@code size} bytes, as {@code handler} is to see it.
   *
   * @throws ExternalAbort if the rule is strict and the size another
   */
  public void write(MmioHandler handler, long offset, int size, long value) {
    if (size >= min && size <= max) {
      handler.write(offset, size, value & mask(size));
    } else if (strict) {
      throw ExternalAbort.INSTANCE;
    } else if (size < min) {
      long lane = offset & min - 1;
      handler.write(offset - lane, min, (value & mask(size)) << lane * 8);
    } else {
      for (int at = 0; at < size; at += max) {
        handler.write(offset + at, max, value >>> at * 8 & mask(max));
      }
    }
  }

  private static long mask(int size) {
    return -1L >>> 64 - size * 8;
  }
}
