// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the UEFI Shell has to say of a machine, as facts that can be held beside those of another firmware: without numbers and addresses. */
public final class ShellFacts {
  /** What the Shell prints when it waits. */
  public static final String PROMPT = "Shell> ";
  /** Its commands whose answers are looked at. */
  public static final List<String> COMMANDS = List.of("dh", "map -r", "memmap");
  private static final Pattern CONTROL = Pattern.compile("\\x1B\\[[0-9;=?]*[A-Za-z]|\\r");
  private static final Pattern HANDLE = Pattern.compile("[0-9A-F]{2,3}: (.*)");
  private static final Pattern MEMORY = Pattern.compile("(\\S+) +[0-9A-F]{16}-[0-9A-F]{16} [0-9A-F]{16} ([0-9A-F]{16})");
  private static final int WIDTH = 80;
  private static final String PATH = "DevicePath(";
  /** What says that a handle is an image, or has a path. */
  private static final Set<String> IMAGES = Set.of("DevicePath", "LoadedImage", "ImageDevicePath");

  private ShellFacts() {}

  /** The facts of a console's text. */
  public static Set<String> of(String console) {
    Set<String> facts = new TreeSet<>();
    for (String answer : CONTROL.matcher(console).replaceAll("").split(Pattern.quote(PROMPT))) {
      List<String> lines = joined(answer);
      switch (lines.isEmpty() ? "" : lines.getFirst().strip()) {
        case "dh" -> lines.forEach(line -> handle(line, facts));
        case "map -r" -> lines.stream().filter(line -> line.startsWith(" ".repeat(10))).forEach(line -> facts.add("mapped " + line
            .strip()));
        case "memmap" -> lines.forEach(line -> memory(line, facts));
        default -> {
          // another command
        }
      }
    }
    return facts;
  }

  /** Lines as the Shell has written them: a terminal as wide as edk2's ends them at its last column. */
  private static List<String> joined(String answer) {
    List<String> lines = new ArrayList<>();
    int before = 0;
    for (String line : answer.lines().toList()) {
      if (before == WIDTH && !HANDLE.matcher(line).matches()) {
        lines.set(lines.size() - 1, lines.getLast() + line);
      } else {
        lines.add(line);
      }
      before = line.length();
    }
    return lines;
  }

  private static void memory(String line, Set<String> facts) {
    Matcher matcher = MEMORY.matcher(line.strip());
    if (matcher.matches()) {
      facts.add("memory " + matcher.group(1) + " " + matcher.group(2).replaceFirst("^0+(?=.)", ""));
    }
  }

  /** Protocols of a handle, with the end of its path as the Shell shows it. Images aren't devices: only what they have beside that. */
  private static void handle(String line, Set<String> facts) {
    Matcher matcher = HANDLE.matcher(line);
    if (!matcher.matches()) {
      return;
    }
    List<String> protocols = words(matcher.group(1));
    String path = protocols.stream().filter(each -> each.startsWith(PATH)).findFirst().map(each -> " on " + each.substring(PATH.length(),
        each
            .length() - 1)).orElse("");
    protocols.stream().map(each -> each.replaceFirst("\\(.*", "")).filter(each -> !IMAGES.contains(each)).forEach(each -> facts.add(each
        + path));
  }

  /** Words between spaces that aren't in parentheses. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    int depth = 0;
    StringBuilder word = new StringBuilder();
    for (char each : (line + " ").toCharArray()) {
      depth += each == '(' ? 1 : each == ')' && depth > 0 ? -1 : 0;
      if (each != ' ' || depth > 0) {
        word.append(each);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    return words;
  }
}
