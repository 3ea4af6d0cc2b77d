// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Executes the inputs that are kept, one after another as a campaign begins with them, without a fuzzer: {@code CORPUS [ENTRY]}, all in
 * one process. Ends with 1 if one has an effect that none may have, with which its entry ends.
 */
public final class Seeds {
  private Seeds() {}

  /** @param arguments the folder with one of inputs for each entry; which entry, or none for all */
  public static void main(String[] arguments) throws IOException {
    List<Attack> attacks = arguments.length > 1 ? List.of(Attacks.named(arguments[1])) : Attacks.all();
    boolean bad = false;
    for (Attack attack : attacks) {
      bad |= bad(attack.word(), inputs(Path.of(arguments[0], attack.word())));
    }
    System.exit(bad ? 1 : 0);
  }

  /** The empty input, with which a fuzzer begins, too, and those of a folder by name. */
  private static List<byte[]> inputs(Path folder) throws IOException {
    List<byte[]> inputs = new ArrayList<>(List.of(new byte[0]));
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          inputs.add(Files.readAllBytes(file));
        }
      }
    }
    return inputs;
  }

  private static boolean bad(String word, List<byte[]> inputs) {
    Campaign campaign = new Campaign(word);
    List<String> wrong = inputs.stream().map(campaign::execute).filter(w -> !w.isEmpty()).findFirst().orElseGet(campaign::left);
    System.out.println(word + ": " + inputs.size() + " inputs, " + (wrong.isEmpty() ? "nothing found" : "something was found:"));
    wrong.forEach(w -> System.out.println("  " + w));
    return !wrong.isEmpty();
  }
}
