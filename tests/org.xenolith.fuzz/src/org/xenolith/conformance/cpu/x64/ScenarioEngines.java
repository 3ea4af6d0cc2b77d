// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Scenarios of the conformance tests' generator, made of whatever somebody wants, on all engines that can be in this process. */
public final class ScenarioEngines {
  /** Those of 32-bit mode have a generator of their own. */
  private static final List<X64ScenarioMaker.Kind> KINDS = Stream.of(X64ScenarioMaker.Kind.values()).filter(
      kind -> kind != X64ScenarioMaker.Kind.LEGACY).toList();
  private static final List<X64Engine> ENGINES = Stream.of(X64Engine.values()).filter(X64Engine::here).toList();
  private static final int SHOWN = 600;

  private ScenarioEngines() {}

  /**
   * What decides of a scenario.
   *
   * @param random of all but what is next
   * @param pieces of the instructions of any code
   */
  public record Decisions(RandomGenerator random, RandomGenerator pieces) {}

  /**
   * Makes scenarios and executes them, one behind the other on the same processor.
   *
   * @param number of their kind, any
   * @param folder where code is kept
   * @return how engines differ from the interpreter, a line for each; of one scenario alone if it does so alone
   */
  public static List<String> differences(int number, List<Decisions> decisions, Path folder) {
    X64ScenarioMaker.Kind kind = KINDS.get(Math.floorMod(number, KINDS.size()));
    List<X64Scenario> scenarios = decisions.stream().map(each -> new X64ScenarioMaker(kind, each.random, each.pieces).next()).toList();
    List<String> wrong = differences(kind, scenarios, folder);
    if (!wrong.isEmpty()) {
      for (X64Scenario scenario : scenarios) {
        List<String> alone = differences(kind, List.of(scenario), folder);
        if (!alone.isEmpty()) {
          return alone;
        }
      }
    }
    return wrong;
  }

  private static List<String> differences(X64ScenarioMaker.Kind kind, List<X64Scenario> scenarios, Path folder) {
    X64ScenarioImage image = new X64ScenarioImage(false, scenarios, true, false);
    List<String> expected = List.of();
    List<String> wrong = new ArrayList<>();
    for (X64Engine engine : ENGINES) {
      List<String> lines = new X64BareMachine(engine, folder).run(image);
      if (engine == X64Engine.INTERPRETER) {
        expected = lines;
      } else if (!lines.equals(expected)) {
        wrong.add("%s, %s: %s, interpreter: %s, %s: %s".formatted(kind, scenarios.getFirst().told(), X64Engine.INTERPRETER, text(expected),
            engine, text(lines)));
      }
    }
    if (expected.isEmpty() || !expected.getLast().equals(".")) {
      wrong.add("%s, %s: the interpreter comes to no end: %s".formatted(kind, scenarios.getFirst().told(), text(expected)));
    }
    return wrong;
  }

  private static String text(List<String> lines) {
    String text = String.join(" | ", lines);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + " ...";
  }
}
