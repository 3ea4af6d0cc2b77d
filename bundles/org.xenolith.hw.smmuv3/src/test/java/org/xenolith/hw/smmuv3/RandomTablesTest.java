// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.testkit.FakeMemory;

/** Whatever lies in memory: an access passes within the physical address space or is refused, and nothing else happens. */
class RandomTablesTest {
  private static final int ROUNDS = 200;
  private static final int ACCESSES = 200;

  @Test
  void nothingThrowsOrPassesBeyondTheAddressSpace() {
    Random random = new Random(1);
    Rig rig = new Rig().start();
    int passed = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      fill(rig, random);
      rig.write(Rig.EVENTQ_CONS, rig.read(Rig.EVENTQ_PROD));
      rig.write(Rig.GERRORN, rig.read(Rig.GERROR));
      rig.command(Rig.CFGI_ALL, 31);
      rig.command(0x20, 0);
      rig.command(Rig.NSNH_ALL, 0);
      assertEquals(rig.read(Rig.GERRORN), rig.read(Rig.GERROR), "round " + round);
      for (int i = 0; i < ACCESSES; i++) {
        long address = random.nextLong() >>> random.nextInt(64);
        try {
          long physical = rig.translate(random.nextInt(80), address, random.nextBoolean());
          assertEquals(0, physical >>> 48, "round " + round + ", access " + i);
          assertEquals(address & 4095, physical & 4095, "round " + round + ", access " + i);
          passed++;
        } catch (ExternalAbort refusal) {
          refused++;
        }
      }
    }
    assertTrue(passed > 1000 && refused > 1000, passed + " passed, " + refused + " refused");
  }

  /** Stream table entries, context descriptors and tables that are mostly plausible, which random bits are not. */
  private static void fill(Rig rig, Random random) {
    for (int stream = 0; stream < 64; stream++) {
      long pointer = Rig.CONTEXTS + 64 * random.nextInt(64);
      rig.stream(stream, random.nextLong() & 0xE | 1 | pointer, random.nextInt(4) == 0 ? random.nextLong() : 0,
          noise(random, Rig.stage2Fields(random.nextInt(4))), anywhere(random));
      long at = Rig.CONTEXTS + 64 * stream;
      rig.memory().write(at, 8, noise(random, 25 | 25 << 16 | 2 << 22 | 1L << 31 | 5L << 32 | 1L << 41 | 1L << 45 | 1L << 46));
      rig.memory().write(at + 8, 8, anywhere(random));
      rig.memory().write(at + 16, 8, anywhere(random));
    }
    for (int i = 0; i < 0x4000; i++) {
      long attributes = random.nextLong() & 0x6000_0000_0000_0FFFL | 1 << 10 | 3 << 6;
      rig.memory().write(FakeMemory.BASE + 0x1_0000 + 8 * i, 8, anywhere(random) | attributes);
    }
  }

  private static long noise(Random random, long value) {
    return random.nextInt(4) == 0 ? value ^ 1L << random.nextInt(64) : value;
  }

  private static long anywhere(Random random) {
    return random.nextInt(16) == 0 ? random.nextLong() & 0xF_FFFF_FFFF_F000L : FakeMemory.BASE + 0x1_0000 + random.nextInt(32) * 0x1000L;
  }
}
