// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.testkit.Lane;
import org.xenolith.testkit.x64.X64Case;
import org.xenolith.testkit.x64.X64SequenceMaker;
import org.xenolith.testkit.x64.X64TestMachine;

/** Random sequences, which the interpreter and the host's own processor execute side by side: registers, flags, x87, SSE, memory and exceptions are the same. */
class SequenceTest {
  private static final int SHOWN = 20;

  /** Where the host is no x86-64 there is nothing to compare with but {@link HostTest}'s records. */
  @TestFactory
  Stream<DynamicTest> sequencesEndAsOnTheHostsProcessor() {
    return NativeProcessor.possible() ? Stream.of(DynamicTest.dynamicTest("native", () -> assertEquals(List.of(), differences(1, Lane.full()
        ? 1_000_000 : 5_000)))) : Stream.empty();
  }

  /** What differs of so many sequences. */
  static List<String> differences(long seed, int count, String... command) throws IOException {
    X64SequenceMaker maker = new X64SequenceMaker(seed);
    X64TestMachine machine = new X64TestMachine(Interpreter::new);
    List<String> wrong = new ArrayList<>();
    try (NativeProcessor host = NativeProcessor.start(command)) {
      for (int i = 0; i < count && wrong.size() < SHOWN; i++) {
        X64Case one = maker.next();
        byte[] expected = host.execute(one.request());
        byte[] actual = one.answer(machine);
        if (one.digest(expected) != one.digest(actual)) {
          wrong.add("seed %d, sequence %d, %s: %s".formatted(seed, i, HexFormat.of().formatHex(one.code), one.difference(expected,
              actual)));
        }
      }
    }
    return wrong;
  }

  /** Sequences without a test framework: how many, the seed, and a command that executes the program, as {@code qemu-x86_64}. */
  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[0]);
    long start = System.nanoTime();
    List<String> wrong = differences(Long.parseLong(arguments[1]), count, List.of(arguments).subList(2, arguments.length).toArray(
        String[]::new));
    wrong.forEach(System.out::println);
    System.out.printf("%d sequences from seed %s, %s, %.1f s%n", count, arguments[1], wrong.isEmpty() ? "no difference" : "they differ",
        (System
            .nanoTime() - start) / 1e9);
  }
}
