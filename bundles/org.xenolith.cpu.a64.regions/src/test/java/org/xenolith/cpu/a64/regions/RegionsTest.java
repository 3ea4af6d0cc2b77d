// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.testkit.a64.CallingGuest;
import org.xenolith.testkit.a64.EngineComparison;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/**
 * Regions come to the same state as the interpreter, instruction by instruction. {@code -Dxenolith.guests=N} and
 * {@code -Dxenolith.firstGuest=SEED} run others.
 */
class RegionsTest {
  private static final CpuEngineFactory INTERPRETER = Interpreter::on;

  private enum Kind {
    ANY(() -> RandomGuest.Shape.NONE), TAME(() -> new TameGuest(Covered::is)), CALLING(() -> new CallingGuest(Covered::is));

    private final Supplier<RandomGuest.Shape> shape;

    Kind(Supplier<RandomGuest.Shape> shape) {
      this.shape = shape;
    }
  }

  private final AtOnce atOnce = new AtOnce();
  private final CpuEngineFactory regions = cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(false, atOnce), 1);

  @Test
  void guestsInLoopsComeToTheSameState() {
    compare(Kind.TAME, GuestCount.of(150), 4, 3000);
  }

  @Test
  void guestsThatCallComeToTheSameState() {
    compare(Kind.CALLING, GuestCount.of(100), 4, 4000);
  }

  @Test
  void lockstepFindsNoDifference() {
    for (long seed = 1; seed <= GuestCount.of(40); seed++) {
      outcome(seed, Kind.TAME, cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(true, atOnce), 1), 4, 2000, false);
    }
    assertTrue(atOnce.done > 100, "regions: " + atOnce.done);
  }

  @Test
  void translationsDelayedAtRandomChangeNothing() {
    int guests = GuestCount.of(60);
    int done = 0;
    for (long seed = 1; seed <= guests; seed++) {
      long number = seed;
      Sometime sometime = new Sometime(seed);
      String expected = outcome(seed, Kind.TAME, INTERPRETER, 4, 2000, true);
      assertEquals(expected, outcome(seed, Kind.TAME, cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(false, sometime), 1
          + (int) number % 30),
          4, 2000, true),
          () -> "seed " + number);
      done += sometime.done;
    }
    assertTrue(done > guests, "regions: " + done);
  }

  @Test
  void aThreadThatTranslatesWhileTheGuestRunsChangesNothing() {
    int guests = GuestCount.of(60);
    TranslatedInstructions watcher = new TranslatedInstructions();
    for (long seed = 1; seed <= guests; seed++) {
      String expected = outcome(seed, Kind.TAME, INTERPRETER, 4, 20000, true);
      int threshold = 1 + (int) seed % 30;
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try (Translator translator = new Translator(false, thread)) {
        CpuEngineFactory engine = port -> {
          Cpu cpu = port.as(Cpu.class);
          cpu.exits.add(watcher);
          return new RegionEngine(cpu, translator, threshold);
        };
        // Slow as the host may be: what the first half of the guest had translated is there in the second.
        assertEquals(expected, outcome(seed, Kind.TAME, engine, 4, 20000, true, part -> {
          if (part == 2) {
            await(thread);
          }
        }), "seed " + seed);
      }
    }
    assertTrue(watcher.instructions > guests * 1000L, "executed in regions: " + watcher.instructions);
  }

  private static void await(ExecutorService thread) {
    try {
      thread.submit(() -> {}).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anyGuestComesToTheSameState() {
    compare(Kind.ANY, GuestCount.of(60), 4, 300);
  }

  private void compare(Kind kind, int guests, int parts, int length) {
    long first = Long.getLong("xenolith.firstGuest", 1);
    new EngineComparison(INTERPRETER, regions, kind.shape).compare(first, guests, parts, length);
    System.out.println("seeds " + first + " to " + (first + guests - 1) + ": " + atOnce.done + " regions");
    // About one a guest: what is executed at random soon ends in exceptions.
    assertTrue(atOnce.done >= guests, "regions: " + atOnce.done);
  }

  private static String outcome(long seed, Kind kind, CpuEngineFactory engine, int parts, int length, boolean cuts) {
    return outcome(seed, kind, engine, parts, length, cuts, part -> {});
  }

  private static String outcome(long seed, Kind kind, CpuEngineFactory engine, int parts, int length, boolean cuts, IntConsumer after) {
    return EngineComparison.outcome(seed, kind.shape.get(), engine, parts, length, cuts, after);
  }
}
