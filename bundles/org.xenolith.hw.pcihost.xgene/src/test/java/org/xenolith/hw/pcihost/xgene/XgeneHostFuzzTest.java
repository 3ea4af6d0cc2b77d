// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;

/** A guest and a card without a plan: nothing they do makes the port throw, and the same does the same. */
class XgeneHostFuzzTest {
  private static final int STEPS = 20_000;
  private static final long[] WINDOWS = {Mustang.MEMORY, Mustang.IO, Mustang.PREFETCHABLE};
  private static final XgeneRegister[] ROWS = XgeneRegister.values();

  @Test
  void nothingThrowsAndRunsRepeat() {
    for (long seed = 1; seed <= 3; seed++) {
      List<Long> seen = run(seed);
      assertEquals(seen, run(seed), "seed " + seed);
      assertTrue(seen.stream().distinct().count() > 100, "something happens, seed " + seed);
    }
  }

  private static List<Long> run(long seed) {
    Random random = new Random(seed);
    Mustang board = new Mustang().on().withCard();
    new Linux(board).bringUp().enumerate();
    List<Long> seen = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      try {
        seen.add(step(board, random));
      } catch (ExternalAbort refused) {
        seen.add(-2L);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", step " + step + ": " + e, e);
      }
    }
    return seen;
  }

  private static long step(Mustang board, Random random) {
    int size = 1 << random.nextInt(4);
    long value = random.nextInt(4) == 0 ? random.nextLong() : 1L << random.nextInt(64);
    boolean write = random.nextInt(3) == 0;
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        long register = Mustang.REGISTERS + ROWS[random.nextInt(ROWS.length)].spec().offset();
        // Seldom: what brings the port up is to last for a while.
        if (write && random.nextInt(4) == 0) {
          board.port.writeAt(register, 4, value);
        }
        return board.port.readAt(register, 4);
      }
      case 2, 3 -> {
        long offset = (random.nextInt(4) << 16 | random.nextInt(random.nextBoolean() ? 0x100 : 0x1_0000)) & -size;
        if (write) {
          board.port.write(1, offset, size, value);
        }
        return board.port.read(1, offset, size);
      }
      case 4, 5 -> {
        long address = WINDOWS[random.nextInt(WINDOWS.length)] + (random.nextInt(random.nextBoolean() ? 0x100 : 0x4000) & -size);
        if (write) {
          board.port.writeAt(address, size, value);
        }
        return board.port.readAt(address, size);
      }
      case 6 -> {
        long address = random.nextBoolean() ? 0x4000_0000L + (random.nextInt(0x10_0000) & -size) : value;
        byte[] bytes = new byte[random.nextInt(64)];
        if (write) {
          board.endpoint.dma().write(address, bytes, 0, bytes.length);
        }
        return random.nextBoolean() ? board.endpoint.dma().read(address, size) : bytes.length;
      }
      default -> {
        if (write) {
          board.gate(random.nextInt(8) != 0);
        }
        board.endpoint.pin(random.nextBoolean());
        return board.line(1).level() ? 1 : 0;
      }
    }
  }
}
