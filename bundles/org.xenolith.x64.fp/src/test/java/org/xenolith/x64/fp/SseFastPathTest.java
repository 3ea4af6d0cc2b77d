// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The host's arithmetic against the integers', bit for bit and flag for flag, with PE clear and set. */
class SseFastPathTest {
  private static final int ROUNDS = 100_000;
  private final Random random = new Random(0xFA57);
  private final SseStatus fast = new SseStatus();
  private final SseStatus slow = new SseStatus();

  @Test
  void doublesAgree() {
    var f = SseFormat.DOUBLE;
    for (int i = 0; i < ROUNDS; i++) {
      long a = operand(f);
      long b = operand(f);
      start(i);
      same(a, b, Sse64.add(a, b, Mxcsr.RESET, fast), SoftSse.add(f, a, b, 0, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse64.sub(a, b, Mxcsr.RESET, fast), SoftSse.add(f, a, b, 1, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse64.mul(a, b, Mxcsr.RESET, fast), SoftSse.mul(f, a, b, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse64.div(a, b, Mxcsr.RESET, fast), SoftSse.div(f, a, b, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse64.sqrt(a, Mxcsr.RESET, fast), SoftSse.sqrt(f, a, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse64.toSingle(a, Mxcsr.RESET, fast), (int) SoftSse.convert(f, SseFormat.SINGLE, a, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse64.truncate(a, 64, Mxcsr.RESET, fast), SoftSse.toInteger(f, a, 64, RoundingControl.ZERO, Mxcsr.RESET, slow));
    }
  }

  @Test
  void singlesAgree() {
    var f = SseFormat.SINGLE;
    for (int i = 0; i < ROUNDS; i++) {
      long a = operand(f);
      long b = operand(f);
      start(i);
      same(a, b, Sse32.add((int) a, (int) b, Mxcsr.RESET, fast), (int) SoftSse.add(f, a, b, 0, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse32.sub((int) a, (int) b, Mxcsr.RESET, fast), (int) SoftSse.add(f, a, b, 1, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse32.mul((int) a, (int) b, Mxcsr.RESET, fast), (int) SoftSse.mul(f, a, b, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse32.div((int) a, (int) b, Mxcsr.RESET, fast), (int) SoftSse.div(f, a, b, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse32.sqrt((int) a, Mxcsr.RESET, fast), (int) SoftSse.sqrt(f, a, Mxcsr.RESET, slow));
      start(i);
      same(a, b, Sse32.toDouble((int) a, Mxcsr.RESET, fast), SoftSse.convert(f, SseFormat.DOUBLE, a, Mxcsr.RESET, slow));
    }
  }

  private void start(int round) {
    fast.flags = slow.flags = (round & 1) != 0 ? Mxcsr.PE : 0;
  }

  private void same(long a, long b, long quick, long exact) {
    assertEquals(exact, quick, () -> String.format("result for %x %x", a, b));
    assertEquals(slow.flags, fast.flags, () -> String.format("flags for %x %x", a, b));
  }

  private long operand(SseFormat f) {
    long fraction = switch (random.nextInt(3)) {
      case 0 -> f.fraction(random.nextLong());
      case 1 -> f.fraction(random.nextLong() & -1L << random.nextInt(f.fractionBits));
      default -> f.fraction(random.nextInt(3) - 1);
    };
    long exponent = switch (random.nextInt(4)) {
      case 0 -> random.nextInt(f.topExponent() + 1);
      case 1 -> f.bias() + random.nextInt(9) - 4;
      case 2 -> f.bias() / 2 + random.nextInt(9) - 4;
      default -> random.nextBoolean() ? random.nextInt(3) : f.topExponent() - random.nextInt(3);
    };
    return f.zero(random.nextInt(2)) | exponent << f.fractionBits | fraction;
  }
}
