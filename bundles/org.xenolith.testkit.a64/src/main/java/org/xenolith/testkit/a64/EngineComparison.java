// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.kit.Ram;

/**
 * Two engines that execute the same {@link RandomGuest}: whether they come to the same state, and if not, after which instruction that begins.
 *
 * @param expected the engine that is right
 * @param actual   the other one
 * @param shape    makes the guests' programs
 */
public record EngineComparison(CpuEngineFactory expected, CpuEngineFactory actual, Supplier<RandomGuest.Shape> shape) {
  /**
   * Executes guests at one go and in slices of random sizes.
   *
   * @param first  seed of the first guest
   * @param guests how many
   * @param parts  after each of which interrupt inputs change
   * @param length instructions of a part
   * @throws AssertionError if they come to different states; the message says where that begins
   */
  public void compare(long first, int guests, int parts, int length) {
    for (long seed = first; seed < first + guests; seed++) {
      same(outcome(seed, expected, parts, length, false), outcome(seed, actual, parts, length, false), seed, length);
      same(outcome(seed, expected, parts, length, true), outcome(seed, actual, parts, length, true), seed, length);
    }
  }

  private void same(String one, String other, long seed, int length) {
    if (!one.equals(other)) {
      // Where it begins: the first number of instructions after which they differ.
      int low = 0;
      int high = length * 4;
      while (low + 1 < high) {
        int middle = (low + high) / 2;
        if (outcome(seed, expected, 1, middle, false).equals(outcome(seed, actual, 1, middle, false))) {
          low = middle;
        } else {
          high = middle;
        }
      }
      RandomGuest before = new RandomGuest(seed, shape.get(), expected);
      before.runTo(low, null);
      String place = "seed %d: they differ after instruction %d; at PC 0x%x is 0x%08x".formatted(seed, high, before.cpu().pc, word(before));
      throw new AssertionError(place + differences(outcome(seed, expected, 1, high, false), outcome(seed, actual, 1, high, false))
          + "\nat the end:" + differences(one, other));
    }
  }

  private static int word(RandomGuest guest) {
    long pc = guest.cpu().pc;
    Ram ram = guest.ram(pc);
    return ram == null ? 0 : (int) ram.read((int) (pc - ram.base), 4);
  }

  private String outcome(long seed, CpuEngineFactory engine, int parts, int length, boolean cuts) {
    return outcome(seed, shape.get(), engine, parts, length, cuts, part -> {});
  }

  /**
   * The state of a CPU, and digests of its memory and its device, as text.
   *
   * @param cuts  whether in slices of random sizes
   * @param after is told of each part that has been executed, from 1
   */
  public static String outcome(long seed, RandomGuest.Shape shape, CpuEngineFactory engine, int parts, int length, boolean cuts,
      IntConsumer after) {
    RandomGuest guest = new RandomGuest(seed, shape, engine);
    Random signals = new Random(seed);
    Random cut = new Random(seed + 1);
    for (int part = 1; part <= parts; part++) {
      guest.runTo((long) part * length, cuts ? cut : null);
      if (parts > 1) {
        guest.signals(signals.nextInt(16) & signals.nextInt(16));
      }
      after.accept(part);
    }
    return state(guest);
  }

  /** What a guest has come to, as text. */
  public static String state(RandomGuest guest) {
    StringBuilder text = new StringBuilder("PC %x EL%d device %d memory %d%n".formatted(guest.cpu().pc, guest.cpu().el, guest
        .deviceDigest(), guest.memoryDigest()));
    Map<String, Object> values = new TreeMap<>(guest.cpu().state().save().values());
    values.forEach((name, value) -> text.append(name).append(' ').append(value instanceof long[] array
        ? array.length < 40 ? hex(array) : Integer.toHexString(Arrays.hashCode(array)) : value instanceof Long number
            ? Long.toHexString(number) : value).append('\n'));
    return text.toString();
  }

  private static String differences(String one, String other) {
    String[] left = one.split("\n");
    String[] right = other.split("\n");
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
