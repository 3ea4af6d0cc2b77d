// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What a help text says. */
final class HelpText {
  private static final Pattern UNRESOLVED = Pattern.compile("\\bnull\\b|\\$\\{DEFAULT|\\$\\{COMPLETION|\\$\\{MAP|%s|%n");
  /** An option, a parameter or a command: two to six spaces, then what a person types, then two spaces and what it is for. */
  private static final Pattern NAME = Pattern.compile("^ {2,6}(-\\S.*?|\\[?[A-Z][A-Z-]*\\S*|[a-z][a-z-]*)(( {2,}|$)(.*))");

  /** A code and the beginning of its meaning, or more of that. */
  private static final Pattern ROW = Pattern.compile("^ +(?:(\\d)  +)?(\\S.*)");

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

  /** The table at its foot: each exit code and what it means. */
  static Map<Integer, String> exitCodes(String help) {
    Map<Integer, String> codes = new TreeMap<>();
    int begin = help.indexOf("\nExit codes:\n");
    int code = -1;
    for (String line : begin < 0 ? List.<String>of() : help.substring(begin + 1).lines().skip(1).toList()) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        code = row.group(1) == null ? code : Integer.parseInt(row.group(1));
        codes.merge(code, row.group(2), (first, more) -> first + ' ' + more);
      } else {
        break;
      }
    }
    return codes;
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
