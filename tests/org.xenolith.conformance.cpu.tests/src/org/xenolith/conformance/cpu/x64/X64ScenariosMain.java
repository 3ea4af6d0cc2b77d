// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.io.IOException;
import java.util.List;

/** Scenarios of all kinds, or one, without a test framework: {@code PROGRAM COUNT SEED [KIND]}. */
public final class X64ScenariosMain {
  private X64ScenariosMain() {}

  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[1]);
    boolean same = true;
    for (X64ScenarioMaker.Kind kind : X64ScenarioMaker.Kind.values()) {
      if (args.length > 3 && !kind.name().equals(args[3])) {
        continue;
      }
      long start = System.nanoTime();
      List<String> found = new X64ScenarioRun(args[0], kind).differences(Long.parseLong(args[2]), count);
      found.forEach(System.out::println);
      System.out.printf("%s: %d from seed %s, %s, %.1f s%n", kind, count, args[2], found.isEmpty() ? "no difference" : "they differ",
          (System
              .nanoTime() - start) / 1e9);
      same &= found.isEmpty();
    }
    System.exit(same ? 0 : 1);
  }
}
