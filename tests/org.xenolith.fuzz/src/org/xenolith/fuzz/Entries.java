// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Prints what can be attacked, a line each: word, packages to instrument as Jazzer takes them, options of the JVM, what an input is; between them tabs. */
public final class Entries {
  private Entries() {}

  /** @param arguments none */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Attacks.all().forEach(a -> out.printf("%s\t%s\t%s\t%s%n", a.word(), String.join(File.pathSeparator, a.instrumented()), String.join(
        " ", a.options()), a.says()));
  }
}
