// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Numbers that an input's bytes decide, as few bytes for each as it needs: a byte that is changed changes one decision. A number without a
 * bound is one of 65,536 that two bytes choose, so that an input is mostly decisions. Behind the last byte come numbers that are always the
 * same.
 */
public final class ByteDecisions implements RandomGenerator {
  private static final long MIXED = 0x9E37_79B9_7F4A_7C15L;

  private final InputBytes bytes;
  private final SplittableRandom rest = new SplittableRandom(1);

  /** @param bytes from where it is */
  public ByteDecisions(InputBytes bytes) {
    this.bytes = bytes;
  }

  @Override
  public long nextLong() {
    return bytes.end() ? rest.nextLong() : new SplittableRandom(bytes.next(Short.BYTES) * MIXED).nextLong();
  }

  @Override
  public int nextInt() {
    return (int) (nextLong() >>> Integer.SIZE);
  }

  @Override
  public boolean nextBoolean() {
    return nextInt(2) != 0;
  }

  @Override
  public int nextInt(int bound) {
    if (bytes.end()) {
      return rest.nextInt(bound);
    }
    int size = bound <= 1 << 8 ? 1 : bound <= 1 << 16 ? 2 : 4;
    return (int) (bytes.next(size) % bound);
  }

  @Override
  public int nextInt(int origin, int bound) {
    return origin + nextInt(bound - origin);
  }
}
