// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.testkit.Lane;

/**
 * Scenarios with a thousand breakpoints and watchpoints of who looks into the machine: each is met on every engine exactly when its instruction is the next one, as the interpreter has it
 * instruction by instruction; and what scenarios come to is what they come to without.
 */
class X64DebugPointsTest {
  private static final long SEED = 20_261_130L;
  private static final int POINTS = 1_000;
  private static final List<X64ScenarioMaker.Kind> KINDS = List.of(X64ScenarioMaker.Kind.USER, X64ScenarioMaker.Kind.PRIVILEGED,
      X64ScenarioMaker.Kind.DEBUG, X64ScenarioMaker.Kind.LEGACY);

  @TempDir
  Path folder;

  /** An instruction that is the next one, after how many others. */
  private record Place(long executed, long address) {}

  @TestFactory
  Stream<DynamicTest> pointsAreMetWhenTheirInstructionIsNext() {
    return KINDS.stream().map(kind -> DynamicTest.dynamicTest(kind.name(), () -> compare(kind, Lane.full() ? 500 : 20)));
  }

  private void compare(X64ScenarioMaker.Kind kind, int count) {
    boolean legacy = kind == X64ScenarioMaker.Kind.LEGACY;
    Supplier<X64ScenarioRecord> maker = legacy ? new X64LegacyScenarios(SEED)::next : new X64ScenarioMaker(kind, SEED)::next;
    List<X64ScenarioRecord> scenarios = Stream.generate(maker).limit(count).toList();
    X64ScenarioImage image = new X64ScenarioImage(legacy, scenarios, false, false);
    List<String> lines = new X64BareMachine(X64Engine.INTERPRETER, folder).run(image);
    Set<Long> executed = new LinkedHashSet<>();
    assertEquals(lines, new X64BareMachine(X64Engine.INTERPRETER, folder).step(image, (address, before) -> executed.add(address)),
        "instruction by instruction");
    List<WatchedAddress> points = points(List.copyOf(executed));
    List<String> expected = null;
    for (X64Engine engine : X64Engine.values()) {
      if (engine.here()) {
        Set<String> met = new LinkedHashSet<>();
        X64BareMachine machine = new X64BareMachine(engine, folder);
        machine.watch(points, met::add);
        assertEquals(lines, machine.run(image), engine + " with points");
        if (expected == null) {
          expected = List.copyOf(met);
          agrees(image, points, expected);
        }
        assertEquals(String.join("\n", expected), String.join("\n", met), engine.name());
      }
    }
    System.out.println(kind + ": " + executed.size() + " instructions, points " + points.size() + ", met " + expected.size());
    assertTrue(expected.size() > points.size(), "met " + expected.size());
  }

  private static List<WatchedAddress> points(List<Long> executed) {
    Random random = new Random(SEED);
    Set<WatchedAddress> all = new LinkedHashSet<>();
    for (int i = 0; i < POINTS; i++) {
      long address = executed.get(random.nextInt(executed.size())) + (random.nextInt(4) == 0 ? random.nextInt(16) : 0);
      all.add(new WatchedAddress(WatchedAddress.Kind.INSTRUCTION, WatchedAddress.Space.PROCESSOR, address, 1));
    }
    WatchedAddress.Kind[] kinds = {WatchedAddress.Kind.READ, WatchedAddress.Kind.WRITE, WatchedAddress.Kind.ACCESS};
    for (int i = 0; i < 40; i++) {
      boolean physical = random.nextInt(3) == 0;
      all.add(new WatchedAddress(kinds[random.nextInt(3)], physical ? WatchedAddress.Space.PHYSICAL : WatchedAddress.Space.PROCESSOR, random
          .nextInt(X64ScenarioImage.MEMORY), 1 + random.nextInt(1 << random.nextInt(14))));
    }
    return List.copyOf(all);
  }

  /** What was told was the next instruction then; what was the next one was told, unless it can't be fetched, or goes on with what it has begun. */
  private void agrees(X64ScenarioImage image, List<WatchedAddress> points, List<String> met) {
    Set<Place> told = new LinkedHashSet<>();
    for (String each : met) {
      String[] words = each.split(" ");
      if (words[1].equals("INSTRUCTION")) {
        told.add(new Place(Long.parseLong(words[0]), Long.parseUnsignedLong(words[3].substring(2), 16)));
      }
    }
    Set<Long> addresses = new LinkedHashSet<>();
    points.stream().filter(each -> each.kind() == WatchedAddress.Kind.INSTRUCTION).forEach(each -> addresses.add(each.first()));
    X64BareMachine machine = new X64BareMachine(X64Engine.INTERPRETER, folder);
    List<Place> missed = new ArrayList<>();
    long[] before = {-1};
    machine.step(image, (address, executed) -> {
      Place place = new Place(executed, address);
      if (addresses.contains(address) && !told.remove(place) && before[0] != address && machine.fetches(address)) {
        missed.add(place);
      }
      before[0] = address;
    });
    assertEquals(List.of(), missed, "not told of");
    assertEquals(Set.of(), told, "told of what wasn't next");
  }
}
