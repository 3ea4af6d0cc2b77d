// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Numbers that an input's bytes decide, as few bytes for each as it needs: a byte that is changed changes one decision. Behind the last byte
 * come numbers that are always the same.
 */
public final class ByteDecisions implements RandomGenerator {
  private final InputBytes bytes;
  private final SplittableRandom rest = new SplittableRandom(1);

  /** @param bytes from where it is */
  public ByteDecisions(InputBytes bytes) {
    this.bytes = bytes;
  }

  @Override
  public long nextLong() {
    return bytes.end() ? rest.nextLong() : bytes.next(Long.BYTES);
  }

  @Override
  public int nextInt() {
    return bytes.end() ? rest.nextInt() : (int) bytes.next(Integer.BYTES);
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
