// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.watch.WatchedAddress;

/**
 * {@link RandomGuest}s with hundreds of breakpoints and watchpoints: whether an engine tells of each exactly when it is met, and comes to what it comes to without them.
 * What is met is known from the interpreter, which is held against its own execution instruction by instruction.
 *
 * @param expected the interpreter
 * @param actual   an engine
 * @param shape    makes the guests' programs
 */
public record WatchedGuests(CpuEngineFactory expected, CpuEngineFactory actual, Supplier<RandomGuest.Shape> shape) {
  private static final long RAM = 0x4000_0000L;
  private static final int CODE = 1 << 16;
  private static final int SIZE = 1 << 20;
  private static final int MOST = 500;

  /** A place in a run: the instruction at an address, after how many others. */
  private record Place(long executed, long address) {}

  /**
   * Executes guests with and without points, in one run and in slices of random sizes.
   *
   * @param first  seed of the first guest
   * @param guests how many
   * @param length instructions of each
   * @return points that there were, and times that they were met
   */
  public int[] compare(long first, int guests, int length) {
    int points = 0;
    int times = 0;
    for (long seed = first; seed < first + guests; seed++) {
      List<Place> trace = trace(seed, length);
      List<WatchedAddress> watched = points(new Random(seed), trace);
      List<String> met = new ArrayList<>();
      String state = run(seed, expected, watched, length, false, met);
      assertEquals(run(seed, expected, List.of(), length, false, new ArrayList<>()), state, "seed " + seed);
      agrees(seed, trace, watched, met);
      for (boolean cuts : new boolean[] {false, true}) {
        List<String> also = new ArrayList<>();
        assertEquals(state, run(seed, actual, watched, length, cuts, also), "seed " + seed + (cuts ? ", cut" : ""));
        assertEquals(String.join("\n", met), String.join("\n", also), "seed " + seed + (cuts ? ", cut" : ""));
      }
      points += watched.size();
      times += met.size();
    }
    return new int[] {points, times};
  }

  private List<Place> trace(long seed, int length) {
    RandomGuest guest = new RandomGuest(seed, shape.get(), expected);
    List<Place> trace = new ArrayList<>();
    while (guest.executed() < length && guest.cpu().runnable()) {
      guest.takePending();
      trace.add(new Place(guest.executed(), guest.cpu().pc));
      guest.runTo(guest.executed() + 1, null);
    }
    return trace;
  }

  private static List<WatchedAddress> points(Random random, List<Place> trace) {
    Set<WatchedAddress> all = new LinkedHashSet<>();
    for (int i = 0; i < MOST; i++) {
      long met = trace.isEmpty() ? RAM : trace.get(random.nextInt(trace.size())).address();
      long address = random.nextInt(4) == 0 ? RAM + random.nextInt(CODE) & -4 : random.nextInt(8) == 0 ? met + 4 : met;
      all.add(new WatchedAddress(WatchedAddress.Kind.INSTRUCTION, WatchedAddress.Space.PROCESSOR, address, 1));
    }
    WatchedAddress.Kind[] kinds = {WatchedAddress.Kind.READ, WatchedAddress.Kind.WRITE, WatchedAddress.Kind.ACCESS};
    for (int i = random.nextInt(40); i > 0; i--) {
      long length = 1 + random.nextInt(1 << random.nextInt(13));
      // A second mapping begins behind the first.
      boolean physical = random.nextInt(3) == 0;
      long address = RAM + random.nextInt(physical ? SIZE : 2 * SIZE);
      all.add(new WatchedAddress(kinds[random.nextInt(3)], physical ? WatchedAddress.Space.PHYSICAL : WatchedAddress.Space.PROCESSOR,
          address, length));
    }
    return List.copyOf(all);
  }

  private String run(long seed, CpuEngineFactory engine, List<WatchedAddress> watched, int length, boolean cuts, List<String> met) {
    RandomGuest guest = new RandomGuest(seed, shape.get(), engine);
    Set<String> told = new LinkedHashSet<>();
    guest.watch(watched, told::add);
    Random cut = new Random(seed + 1);
    guest.runTo(length, cuts ? cut : null);
    met.addAll(told);
    return EngineComparison.state(guest);
  }

  /** Each instruction that was told was the next one then; each that was the next one was told, unless it couldn't be fetched, or something came before it. */
  private void agrees(long seed, List<Place> trace, List<WatchedAddress> watched, List<String> met) {
    Set<Place> told = new LinkedHashSet<>();
    for (String each : met) {
      String[] words = each.split(" ");
      if (words[1].equals("INSTRUCTION")) {
        told.add(new Place(Long.parseLong(words[0]), Long.parseUnsignedLong(words[3].substring(2), 16)));
      }
    }
    Set<Long> addresses = new LinkedHashSet<>();
    watched.stream().filter(each -> each.kind() == WatchedAddress.Kind.INSTRUCTION).forEach(each -> addresses.add(each.first()));
    assertTrue(trace.containsAll(told), () -> "seed " + seed + ": told of what wasn't next: " + without(told, trace));
    RandomGuest guest = new RandomGuest(seed, shape.get(), expected);
    for (Place each : trace) {
      guest.runTo(each.executed(), null);
      if (addresses.contains(each.address()) && !told.contains(each)) {
        guest.takePending();
        assertEquals(each.address(), guest.cpu().pc);
        guest.runTo(each.executed() + 1, null);
        assertTrue(preferredReturn(guest, each.address()), () -> "seed " + seed + ": not told of " + each);
      }
    }
  }

  private static List<Place> without(Set<Place> some, List<Place> others) {
    return some.stream().filter(each -> !others.contains(each)).toList();
  }

  /** Whether the exception that was just taken came in the place of an instruction. */
  private static boolean preferredReturn(RandomGuest guest, long address) {
    return switch (guest.cpu().el) {
      case 0 -> false;
      case 1 -> guest.cpu().sys[SysReg.ELR_EL1.ordinal()] == address;
      case 2 -> guest.cpu().sys[SysReg.ELR_EL2.ordinal()] == address;
      default -> guest.cpu().sys[SysReg.ELR_EL3.ordinal()] == address;
    };
  }
}
