// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a help text says. */
final class HelpText {
  private static final Pattern UNRESOLVED = Pattern.compile("\\bnull\\b|\\$\\{DEFAULT|\\$\\{COMPLETION|\\$\\{MAP|%s|%n");
  /** An option, a parameter or a command: two to six spaces, then what a person types, then two spaces and what it is for. */
  private static final Pattern NAME = Pattern.compile("^ {2,6}(-\\S.*?|\\[?[A-Z][A-Z-]*\\S*|[a-z][a-z-]*)(( {2,}|$)(.*))");

  private HelpText() {}

  /** Placeholders that stand for nothing, and names without a description. */
  static List<String> holes(String help) {
    List<String> holes = new ArrayList<>();
    List<String> lines = help.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (UNRESOLVED.matcher(line).find()) {
        holes.add(line.strip());
      }
      var name = NAME.matcher(line);
      boolean nothing = name.find() && name.group(4).isBlank();
      boolean below = i + 1 < lines.size() && lines.get(i + 1).matches(" {7,}\\S.*");
      if (nothing && !below) {
        holes.add("nothing is said of " + line.strip());
      }
    }
    return holes;
  }

  /** The commands that it lists. */
  static List<String> commands(String help) {
    List<String> commands = new ArrayList<>();
    boolean listing = false;
    for (String line : help.lines().toList()) {
      var name = Pattern.compile("^  ([a-z][a-z-]*)(\\s|$)").matcher(line);
      if (line.equals("Commands:")) {
        listing = true;
      } else if (!line.startsWith(" ")) {
        listing = false;
      } else if (listing && name.find()) {
        commands.add(name.group(1));
      }
    }
    return commands;
  }
}
