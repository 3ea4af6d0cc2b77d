// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What an engine keeps of what a guest executes has a bound, which no guest sees. */
class DecodedPagesTest {
  private static final int ADD = 0x9100_0400; // ADD X0, X0, #1
  private static final int SUBTRACT = 0xD100_0400; // SUB X0, X0, #1
  private static final int BRANCH = 0x1400_0000;
  private static final int CODE = 0x8_0000;
  private static final int PAGES = 64;
  private static final int WORDS = PAGES * 1024;
  private static final int SLICE = 1000;
  private static final long ENDLESS = Long.MAX_VALUE;
  /** Some pages that are full. */
  private static final long BOUND = 256 << 10;
  private static final long FULL_PAGE = (4 << 10) + 1024 * 64;

  /** Pages of the same instruction, which end with a branch to the beginning. */
  private static Bench bench(long most) {
    Bench bench = new Bench().start(CODE, "nop").enableMmu();
    fill(bench, ADD);
    bench.ram.write(CODE + 4 * WORDS - 4, 4, BRANCH | -(WORDS - 1) & 0x3FF_FFFF);
    bench.engine.close();
    bench.engine = new Interpreter(bench.cpu, (page, target) -> target, most);
    return bench;
  }

  private static void fill(Bench bench, int instruction) {
    for (int i = 0; i < WORDS - 1; i++) {
      bench.ram.write(CODE + 4 * i, 4, instruction);
    }
  }

  private static long held(Bench bench) {
    return ((Interpreter) bench.engine).held();
  }

  @Test
  void decodedPagesTakeNoMoreThanTheyMayAndNoGuestSeesIt() {
    Bench bounded = bench(BOUND);
    Bench unbounded = bench(ENDLESS);
    for (int i = 0; i < 3 * WORDS / SLICE; i++) {
      assertEquals(unbounded.engine.run(SLICE), bounded.engine.run(SLICE));
      assertTrue(held(bounded) <= BOUND + FULL_PAGE, () -> "held " + held(bounded));
      assertEquals(unbounded.cpu.state().save(), bounded.cpu.state().save(), "slice " + i);
    }
    assertTrue(held(unbounded) >= PAGES * FULL_PAGE, () -> "held " + held(unbounded));
  }

  @Test
  void whatIsWrittenIntoAPageThatWasDroppedIsExecuted() {
    Bench bench = bench(BOUND);
    bench.engine.run(WORDS);
    assertEquals(WORDS - 1, bench.cpu.x[0]);
    fill(bench, SUBTRACT);
    bench.engine.run(WORDS);
    assertEquals(0, bench.cpu.x[0]);
  }
}
