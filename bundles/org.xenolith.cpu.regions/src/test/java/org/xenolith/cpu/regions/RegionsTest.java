// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.graph.Interpreter;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.cpu.RandomGuest;

/**
 * Regions come to the same state as the interpreter, instruction by instruction. {@code -Dxenolith.guests=N} and
 * {@code -Dxenolith.firstGuest=SEED} run others.
 */
class RegionsTest {
  private static final CpuEngineFactory INTERPRETER = Interpreter::on;

  private enum Kind {
    ANY(() -> RandomGuest.Shape.NONE), TAME(TameGuest::new), CALLING(CallingGuest::new);

    private final Supplier<RandomGuest.Shape> shape;

    Kind(Supplier<RandomGuest.Shape> shape) {
      this.shape = shape;
    }
  }

  private final AtOnce atOnce = new AtOnce();
  private final CpuEngineFactory regions = cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(false, atOnce), 1);

  @Test
  void guestsInLoopsComeToTheSameState() {
    compare(Kind.TAME, Integer.getInteger("xenolith.guests", 150), 4, 3000);
  }

  @Test
  void guestsThatCallComeToTheSameState() {
    compare(Kind.CALLING, Integer.getInteger("xenolith.guests", 100), 4, 4000);
  }

  @Test
  void lockstepFindsNoDifference() {
    for (long seed = 1; seed <= Integer.getInteger("xenolith.guests", 40); seed++) {
      outcome(seed, Kind.TAME, cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(true, atOnce), 1), 4, 2000, false);
    }
    assertTrue(atOnce.done > 100, "regions: " + atOnce.done);
  }

  @Test
  void translationsDelayedAtRandomChangeNothing() {
    int guests = Integer.getInteger("xenolith.guests", 60);
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
    int guests = Integer.getInteger("xenolith.guests", 60);
    TranslatedInstructions watcher = new TranslatedInstructions();
    for (long seed = 1; seed <= guests; seed++) {
      String expected = outcome(seed, Kind.TAME, INTERPRETER, 4, 20000, true);
      int threshold = 1 + (int) seed % 30;
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try (Translator translator = new Translator(false, thread)) {
        CpuEngineFactory engine = port -> {
          Cpu cpu = port.as(Cpu.class);
          cpu.exits.watcher(watcher);
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
    compare(Kind.ANY, Integer.getInteger("xenolith.guests", 60), 4, 300);
  }

  private void compare(Kind kind, int guests, int parts, int length) {
    long first = Long.getLong("xenolith.firstGuest", 1);
    for (long seed = first; seed < first + guests; seed++) {
      String expected = outcome(seed, kind, INTERPRETER, parts, length, false);
      same(expected, outcome(seed, kind, regions, parts, length, false), seed, kind, length);
      same(outcome(seed, kind, INTERPRETER, parts, length, true), outcome(seed, kind, regions, parts, length, true), seed, kind, length);
    }
    System.out.println("seeds " + first + " to " + (first + guests - 1) + ": " + atOnce.done + " regions");
    assertTrue(atOnce.done > guests, "regions: " + atOnce.done);
  }

  private void same(String expected, String actual, long seed, Kind kind, int length) {
    if (!expected.equals(actual)) {
      // Where it begins: the first number of instructions after which they differ.
      int low = 0;
      int high = length * 4;
      while (low + 1 < high) {
        int middle = (low + high) / 2;
        if (outcome(seed, kind, INTERPRETER, 1, middle, false).equals(outcome(seed, kind, regions, 1, middle, false))) {
          low = middle;
        } else {
          high = middle;
        }
      }
      RandomGuest before = new RandomGuest(seed, kind.shape.get(), INTERPRETER);
      before.runTo(low, null);
      String place = "seed %d: they differ after instruction %d; at PC 0x%x is 0x%08x".formatted(seed, high, before.cpu().pc,
          word(before));
      fail(place + differences(outcome(seed, kind, INTERPRETER, 1, high, false), outcome(seed, kind, regions, 1, high, false))
          + "\nat the end:" + differences(expected, actual));
    }
  }

  private static int word(RandomGuest guest) {
    long pc = guest.cpu().pc;
    Ram ram = guest.ram(pc);
    return ram == null ? 0 : (int) ram.read((int) (pc - ram.base), 4);
  }

  private static String outcome(long seed, Kind kind, CpuEngineFactory engine, int parts, int length, boolean cuts) {
    return outcome(seed, kind, engine, parts, length, cuts, part -> {});
  }

  private static String outcome(long seed, Kind kind, CpuEngineFactory engine, int parts, int length, boolean cuts, IntConsumer after) {
    RandomGuest guest = new RandomGuest(seed, kind.shape.get(), engine);
    Random signals = new Random(seed);
    Random cut = new Random(seed + 1);
    for (int part = 1; part <= parts; part++) {
      guest.runTo((long) part * length, cuts ? cut : null);
      if (parts > 1) {
        guest.signals(signals.nextInt(16) & signals.nextInt(16));
      }
      after.accept(part);
    }
    StringBuilder text = new StringBuilder("PC %x EL%d device %d memory %d%n".formatted(guest.cpu().pc, guest.cpu().el, guest
        .deviceDigest(),
        guest.memoryDigest()));
    Map<String, Object> values = new TreeMap<>(guest.cpu().state().save().values());
    values.forEach((name, value) -> text.append(name).append(' ').append(value instanceof long[] array
        ? array.length < 40 ? hex(array) : Integer.toHexString(Arrays.hashCode(array)) : value instanceof Long number
            ? Long.toHexString(number) : value).append('\n'));
    return text.toString();
  }

  private static String differences(String expected, String actual) {
    String[] left = expected.split("\n");
    String[] right = actual.split("\n");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      if (i >= left.length || i >= right.length || !left[i].equals(right[i])) {
        text.append("\n- ").append(i < left.length ? left[i] : "").append("\n+ ").append(i < right.length ? right[i] : "");
      }
    }
    return text.toString();
  }

  private static String hex(long[] array) {
    return Arrays.stream(array).mapToObj(Long::toHexString).toList().toString();
  }
}
