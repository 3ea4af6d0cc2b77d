// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Places where a layer of EFI firmware, or the firmware's core, names a step of a call or one of its numbers by a number: {@code case 14} of a switch over steps,
 * {@code call.get(3)}, a constant for either. They are enums (README of {@code efi.boot.api}).
 */
final class NumberedSteps {
  private static final String NUMBER = "(?:\\d+L?|[A-Z][A-Z0-9_]*)";
  /** What is recorded: there a step is its number. */
  private static final String RECORD = "bundles/org.xenolith.efi.boot.api/";
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
  private static final List<Pattern> NUMBERED = List.of(
      // a step that is compared
      Pattern.compile("\\bcall\\s*\\.step\\(\\)\\s*[=!<>]=?\\s*" + NUMBER + "(?![\\w.(])"),
      // a switch over numbers
      Pattern.compile("\\bswitch\\s*\\(\\s*call\\s*\\.step\\(\\)\\s*\\)"),
      // a number of the call
      Pattern.compile("\\bcall\\s*\\.(?:get|set)\\(\\s*(?:\\(int\\)\\s*)?" + NUMBER + "\\s*[,)+*]"),
      // the step that is next
      Pattern.compile("\\bEfiStep\\s*\\.(?:call|touch|post|Go|Wait|Touch|Post|Invoke)\\(\\s*" + NUMBER + "\\s*[,)+]"),
      // a method for one kind of steps that is told by a number which is next
      Pattern.compile("\\bEfiStep\\s+\\w+\\([^)]*\\bint (?:next|again)\\b"));

  private NumberedSteps() {}

  /** Those of a source, as {@code LINE: TEXT}. */
  static List<String> in(String source) {
    Matcher comments = COMMENT.matcher(source);
    String code = comments.replaceAll(comment -> Matcher.quoteReplacement(comment.group().replaceAll("[^\n]", " ")));
    List<String> found = new ArrayList<>();
    for (Pattern each : NUMBERED) {
      Matcher matcher = each.matcher(code);
      while (matcher.find()) {
        long line = code.substring(0, matcher.start()).lines().count() + (code.charAt(Math.max(0, matcher.start() - 1)) == '\n' ? 1 : 0);
        found.add(line + ": " + matcher.group().replaceAll("\\s+", " "));
      }
    }
    return found;
  }

  /** Those of all bundles, and of what a new driver is made of, as {@code FILE:LINE: TEXT}. */
  static List<String> in(Path root) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : SourceFiles.all(root)) {
      String name = root.relativize(file).toString().replace('\\', '/');
      if (name.matches("(bundles/.*|releng/sdk/templates/.*)/src/main/java/.*\\.java") && !name.startsWith(RECORD)) {
        String source = Files.readString(file, StandardCharsets.UTF_8);
        if (source.contains("EfiStep")) {
          in(source).forEach(place -> found.add(name + ':' + place));
        }
      }
    }
    return found;
  }
}
