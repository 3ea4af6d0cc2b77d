// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values and flags at the edges of the integer instructions; the wide sweep is the conformance test's. */
class ArithmeticTest {
  private static final long A = 0x8000_0000_FFFF_FFFFL;
  private static final long B = 0x7FFF_FFFF_0000_0001L;

  private static Bench with(String instruction) {
    Bench bench = new Bench().start(0x8_0000, instruction + "\n hvc #0");
    bench.cpu.x[0] = 0xDEAD;
    bench.cpu.x[1] = A;
    bench.cpu.x[2] = B;
    bench.cpu.x[3] = 7;
    bench.run(2);
    return bench;
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "add x0, x1, x2             | 0",
      "add w0, w1, w2             | 0",
      "sub x0, x1, x2             | 1fffffffe",
      "sub w0, w2, w1             | 2",
      "add x0, x1, w2, sxtb #2    | 8000000100000003",
      "sub x0, x1, x3, lsl #60    | 10000000ffffffff",
      "add w0, w1, w3, asr #1     | 2",
      "and x0, x1, x2, ror #32    | 7fffffff",
      "and x0, x1, #0xff00        | ff00",
      "orr w0, wzr, #0xf0f0f0f0   | f0f0f0f0",
      "eor x0, x1, x1             | 0",
      "bic x0, x1, x3             | 80000000fffffff8",
      "orn w0, wzr, w3            | fffffff8",
      "eon x0, x1, x2             | 1",
      "movn w0, #1                | fffffffe",
      "movz x0, #0x1234, lsl #48  | 1234000000000000",
      "movk x0, #0xbeef, lsl #16  | beefdead",
      "movk w0, #1, lsl #16       | 1dead",
      "ubfx x0, x1, #31, #2       | 1",
      "ubfiz w0, w1, #4, #8       | ff0",
      "sbfx x0, x1, #63, #1       | ffffffffffffffff",
      "sbfx w0, w1, #4, #4        | ffffffff",
      "sbfiz x0, x1, #60, #4      | f000000000000000",
      "sbfiz w0, w2, #31, #1      | 80000000",
      "bfi x0, x3, #8, #4         | d7ad",
      "bfxil w0, w3, #1, #2       | deaf",
      "bfi w0, w3, #28, #4        | 7000dead",
      "extr x0, x1, x2, #32       | ffffffff7fffffff",
      "extr w0, w2, w1, #4        | 1fffffff",
      "ror x0, x1, #0             | 80000000ffffffff",
      "lsl x0, x1, #63            | 8000000000000000",
      "asr w0, w1, #31            | ffffffff",
      "lsl w0, w1, w1             | 80000000",
      "lsr x0, x1, x3             | 100000001ffffff",
      "asr x0, x1, x3             | ff00000001ffffff",
      "ror w0, w3, w3             | e000000",
      "udiv x0, x1, x3            | 124924926db6db6d",
      "sdiv x0, x1, x3            | edb6db6ddb6db6dc",
      "sdiv w0, w1, w2            | ffffffff",
      "udiv x0, x1, xzr           | 0",
      "sdiv w0, w1, wzr           | 0",
      "madd x0, x1, x3, x2        | 5fffffffa",
      "msub w0, w3, w3, w3        | ffffffd6",
      "smaddl x0, w1, w3, xzr     | fffffffffffffff9",
      "umaddl x0, w1, w3, x3      | 700000000",
      "smulh x0, x1, x3           | fffffffffffffffc",
      "umulh x0, x1, x3           | 3",
      "clz x0, x2                 | 1",
      "clz w0, wzr                | 20",
      "cls x0, x1                 | 0",
      "cls w0, w1                 | 1f",
      "rbit w0, w3                | e0000000",
      "rev x0, x1                 | ffffffff00000080",
      "rev32 x0, x2               | ffffff7f01000000",
      "rev16 w0, w3               | 700",
      "rev w0, w3                 | 7000000",
      "crc32b w0, wzr, w3         | 9e6495a3",
      "crc32b w0, w3, w1          | b3667a2e",
      "crc32h w0, w3, w1          | f1678438",
      "crc32w w0, w3, w1          | 436c185a",
      "crc32x w0, w3, x1          | 7da0aaaf",
      "crc32cb w0, w3, w1         | 79b737ba",
      "crc32ch w0, w3, w1         | 74f3be97",
      "crc32cw w0, w3, w1         | ae980cf2",
      "crc32cx w0, w3, x1         | b787309",
  })
  void valuesAreRight(String instruction, String expected) {
    assertEquals(expected, Long.toHexString(with(instruction).cpu.x[0]), instruction);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "adds x0, x1, x2   | 6",
      "adds w0, w1, w2   | 6",
      "subs x0, x1, x2   | 3",
      "cmp x2, x1        | 9",
      "cmp x1, x1        | 6",
      "cmp w3, #8        | 8",
      "cmn w1, #1        | 6",
      "ands x0, x1, x1   | 8",
      "bics w0, w1, w1   | 4",
      "tst x3, #1        | 0",
      "adcs x0, x1, x2   | 6",
      "sbcs x0, x1, x2   | 3",
      "negs x0, xzr      | 6",
      "ccmp x1, x2, #5, ne | 3",
      "ccmp x1, x2, #5, eq | 5",
      "ccmn w1, #1, #0, al | 6",
      "msr nzcv, x1      | 15",
  })
  void flagsAreRight(String instruction, int expected) {
    assertEquals(expected, with(instruction).cpu.nzcv() >>> 28, instruction);
  }

  @Test
  void conditionsFollowTheFlags() {
    int[] holds = new int[16];
    for (int flags = 0; flags < 16; flags++) {
      for (int cond = 0; cond < 14; cond++) {
        Bench bench = new Bench().start(0x8_0000, """
            msr nzcv, x1
            .inst %d
            mov x0, #1
            hvc #0
            .inst %d
            hvc #0
            """.formatted(0x5400_0060 | cond, 0x9A9F_07E0 | (cond ^ 1) << 12));
        bench.cpu.x[1] = (long) flags << 28;
        bench.run(10);
        boolean branched = bench.cpu.x[0] == 0 || bench.cpu.pc == 0x8_0018;
        assertEquals(expected(flags, cond), branched, "flags " + flags + " condition " + cond);
        holds[cond] += branched ? 1 : 0;
      }
    }
    assertEquals(8, holds[0]);
    assertEquals(4, holds[8]);
    assertEquals(8, holds[10]);
    assertEquals(4, holds[12]);
  }

  private static boolean expected(int flags, int cond) {
    boolean n = (flags & 8) != 0;
    boolean z = (flags & 4) != 0;
    boolean c = (flags & 2) != 0;
    boolean v = (flags & 1) != 0;
    boolean base = switch (cond >> 1) {
      case 0 -> z;
      case 1 -> c;
      case 2 -> n;
      case 3 -> v;
      case 4 -> c && !z;
      case 5 -> n == v;
      default -> n == v && !z;
    };
    return base != ((cond & 1) != 0);
  }
}
