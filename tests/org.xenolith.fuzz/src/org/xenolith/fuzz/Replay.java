// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Repeats files of inputs without a fuzzer: {@code ENTRY FILE...}. Ends with 1 if one has an effect that none may have. */
public final class Replay {
  private Replay() {}

  /** @param arguments entry and files */
  public static void main(String[] arguments) throws IOException {
    boolean bad = false;
    for (String name : List.of(arguments).subList(1, arguments.length)) {
      bad |= bad(Attacks.named(arguments[0]), name);
    }
    System.out.println(bad ? "found" : "nothing found");
    System.exit(bad ? 1 : 0);
  }

  private static boolean bad(Attack attack, String name) throws IOException {
    List<byte[]> inputs = InputFile.inputs(Files.readAllBytes(Path.of(name)));
    attack.fresh();
    for (int i = 0; i < inputs.size(); i++) {
      List<String> wrong = Trial.of(attack, inputs.get(i));
      if (wrong.isEmpty() && i == inputs.size() - 1) {
        wrong = attack.left();
      }
      if (!wrong.isEmpty()) {
        System.out.println(name + ", input " + (i + 1) + ":");
        wrong.forEach(w -> System.out.println("  " + w));
        return true;
      }
    }
    return false;
  }
}
