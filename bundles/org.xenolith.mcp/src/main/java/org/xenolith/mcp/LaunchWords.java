// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.NearWords;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Reads words of a command line that say which machine is launched: a board, and the options that bundles offer for launches, as {@code boot} has them. */
final class LaunchWords {
  private static final String BOARD = "board";
  private final List<LaunchOption> options;

  LaunchWords(List<LaunchOption> options) {
    this.options = options;
  }

  /**
   * What they say, by the names of options.
   *
   * @throws BadInput if one is no option, or lacks its text
   */
  Map<String, List<String>> said(List<String> words) {
    Map<String, List<String>> said = new LinkedHashMap<>();
    List<String> left = new ArrayList<>(words);
    while (!left.isEmpty()) {
      String word = left.removeFirst();
      if (word.startsWith("--")) {
        option(word, left, said);
      } else {
        add(said, BOARD, word, false);
      }
    }
    return said;
  }

  private void option(String word, List<String> left, Map<String, List<String>> said) {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    OptionDescription described = options.stream().map(LaunchOption::description).filter(each -> each.name().equals(name)).findFirst()
        .orElseThrow(() -> unknown(name));
    if (described.form() == Form.FLAG) {
      if (equals >= 0) {
        throw new BadInput("--" + name + " is given or not, without '" + word.substring(equals) + "'");
      }
      add(said, name, LaunchOption.ON, false);
      return;
    }
    boolean next = !left.isEmpty() && !left.getFirst().startsWith("--");
    if (equals < 0 && !next && !described.bare()) {
      throw new BadInput("--" + name + ": " + described.value() + " is missing");
    }
    add(said, name, equals >= 0 ? word.substring(equals + 1) : next ? left.removeFirst() : "", described.repeats());
  }

  private BadInput unknown(String name) {
    List<String> near = NearWords.of(name, options.stream().map(each -> each.description().name()).toList());
    return new BadInput("--" + name + " is no option of a launch" + (near.isEmpty() ? "" : "; did you mean --" + String.join(" or --", near)
        + "?") + "; those of 'boot' are, under its headings: xenolith boot --help");
  }

  private static void add(Map<String, List<String>> said, String name, String text, boolean repeats) {
    List<String> texts = said.computeIfAbsent(name, any -> new ArrayList<>());
    if (!texts.isEmpty() && !repeats) {
      throw new BadInput((name.equals(BOARD) ? "a machine has one board, not '" : "--" + name + " is given once, not '") + texts.getFirst()
          + "' and '" + text + "'");
    }
    texts.add(text);
  }
}
