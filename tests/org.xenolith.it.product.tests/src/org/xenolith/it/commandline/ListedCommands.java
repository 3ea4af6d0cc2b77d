// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/** Every command that the product has, whoever contributes it, as its own help lists them. */
final class ListedCommands {
  private ListedCommands() {}

  /** Each with what {@code --help} behind it says; that of no words is the product's own. @param work for files of this */
  static Map<List<String>, String> helps(Path work) throws IOException, InterruptedException {
    Map<List<String>, String> helps = new LinkedHashMap<>();
    List<List<String>> level = List.of(List.of());
    while (!level.isEmpty()) {
      List<Outcome> outcomes = ManyLines.run(Product.root(), work, level.stream().map(command -> line(command, "--help")).toList());
      List<List<String>> next = new ArrayList<>();
      for (int i = 0; i < outcomes.size(); i++) {
        List<String> command = level.get(i);
        String text = outcomes.get(i).expect(0).out();
        helps.put(command, text);
        HelpText.commands(text).forEach(name -> next.add(Stream.concat(command.stream(), Stream.of(name)).toList()));
      }
      level = next;
    }
    return helps;
  }

  /** Those that the launcher's script does itself, as the product's own help names them. */
  static List<String> ofTheScript(Map<List<String>, String> helps) {
    String all = helps.get(List.<String>of()).replaceAll("\\s+", " ");
    return List.of(all.replaceFirst(".*Commands of the launcher script: ([^.]*)\\..*", "$1").split(", "));
  }

  /** A command with words behind it. */
  static Object[] line(List<String> command, String... behind) {
    return Stream.concat(command.stream(), Stream.of(behind)).toArray();
  }
}
