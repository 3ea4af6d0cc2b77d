// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.io.IOException;
import java.util.List;
import org.xenolith.testkit.a64.scenarios.Scenarios;

/** Scenarios of all kinds without a test framework: {@code [scenarios of each [seed]]}; the property {@code xenolith.engine} names the engine. */
public final class ScenariosMain {
  private ScenariosMain() {}

  public static void main(String[] args) throws IOException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 2;
    boolean same = true;
    for (Scenarios kind : Scenarios.all().toList()) {
      long start = System.nanoTime();
      List<String> found = new ScenarioRun(kind, EngineUnderTest.factory()).differences(seed, count);
      found.forEach(System.out::println);
      System.out.printf("%s: %d from seed %d, %s, %.1f s%n", kind, count, seed, found.isEmpty() ? "no difference" : "they differ",
          (System.nanoTime() - start) / 1e9);
      same &= found.isEmpty();
    }
    System.exit(same ? 0 : 1);
  }
}
