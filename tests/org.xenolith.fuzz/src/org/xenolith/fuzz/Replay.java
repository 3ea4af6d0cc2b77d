package org.xenolith.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Repeats files of inputs without a fuzzer: {@code ENTRY FILE...}. Ends with 1 if one does what no guest may. */
public final class Replay {
  private Replay() { }

  /** @param arguments entry and files */
  public static void main(String[] arguments) throws IOException {
    Entry entry = Entry.of(arguments[0]);
    boolean bad = false;
    for (String name : List.of(arguments).subList(1, arguments.length)) {
      List<byte[]> inputs = InputFile.inputs(Files.readAllBytes(Path.of(name)));
      Fuzzing fuzzing = new Fuzzing(entry, entry.gic(inputs.getFirst()));
      int number = 0;
      for (byte[] input : inputs) {
        number++;
        List<String> wrong = fuzzing.execute(input);
        if (wrong.isEmpty()) {
          wrong = fuzzing.left();
        }
        if (!wrong.isEmpty()) {
          bad = true;
          System.out.println(name + ", input " + number + ":");
          wrong.forEach(w -> System.out.println("  " + w));
          break;
        }
      }
    }
    System.out.println(bad ? "found" : "nothing found");
    System.exit(bad ? 1 : 0);
  }
}
