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
  /** To behind the records, where one scenario is: to fill more takes longer than to execute it. */
  private static final int MEMORY = 32 << 20;

  private ScenarioEngines() {}

  /**
   * Makes a scenario and executes it.
   *
   * @param number of its kind, any
   * @param random what decides
   * @param folder where code is kept
   * @return how engines differ from the interpreter, a line for each
   */
  public static List<String> differences(int number, RandomGenerator random, Path folder) {
    X64ScenarioMaker.Kind kind = KINDS.get(Math.floorMod(number, KINDS.size()));
    X64Scenario scenario = new X64ScenarioMaker(kind, random).next();
    X64ScenarioImage image = new X64ScenarioImage(false, List.of(scenario), true, false);
    List<String> expected = List.of();
    List<String> wrong = new ArrayList<>();
    for (X64Engine engine : ENGINES) {
      List<String> lines = new X64BareMachine(engine, folder, MEMORY).run(image);
      if (engine == X64Engine.INTERPRETER) {
        expected = lines;
      } else if (!lines.equals(expected)) {
        wrong.add("%s, %s: %s, interpreter: %s, %s: %s".formatted(kind, scenario.told(), X64Engine.INTERPRETER, text(expected), engine,
            text(lines)));
      }
    }
    if (expected.isEmpty() || !expected.getLast().equals(".")) {
      wrong.add("%s, %s: the interpreter comes to no end: %s".formatted(kind, scenario.told(), text(expected)));
    }
    return wrong;
  }

  private static String text(List<String> lines) {
    String text = String.join(" | ", lines);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + " ...";
  }
}
