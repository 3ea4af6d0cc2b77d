// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Scenarios of all kinds, or one, without a test framework: {@code PROGRAM|- COUNT SEED [KIND [ENGINE...]]}. The kinds are those of {@link X64ScenarioMaker.Kind}, {@code user} and
 * {@code privileged} among them, the engines those of {@link X64Engine}; without any all that can be in this process. With {@code -} for QEMU's program our engines are held against the
 * first of them. {@code COUNT} and {@code SEED} repeat a run.
 */
public final class X64ScenariosMain {
  private X64ScenariosMain() {}

  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[1]);
    long seed = Long.parseLong(args[2]);
    String only = args.length > 3 ? args[3].toUpperCase(Locale.ROOT) : "";
    List<X64Engine> engines = args.length > 4 ? Stream.of(args).skip(4).map(name -> X64Engine.valueOf(name.toUpperCase(Locale.ROOT)))
        .toList()
        : Stream.of(X64Engine.values()).filter(X64Engine::here).toList();
    String qemu = args[0].equals("-") ? null : args[0];
    boolean same = true;
    for (X64ScenarioMaker.Kind kind : X64ScenarioMaker.Kind.values()) {
      if (!only.isEmpty() && !kind.name().equals(only)) {
        continue;
      }
      long start = System.nanoTime();
      List<String> found = new X64ScenarioRun(qemu, kind, engines).differences(seed, count);
      found.forEach(System.out::println);
      System.out.printf("%s: %d from seed %d on %s, %s, %.1f s%n", kind, count, seed, engines, found.isEmpty() ? "no difference"
          : "they differ", (System.nanoTime() - start) / 1e9);
      same &= found.isEmpty();
    }
    System.exit(same ? 0 : 1);
  }
}
