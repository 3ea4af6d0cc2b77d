// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of differences that are understood; see {@code explained-differences.txt} for its form. */
final class Explanations {
  /** What an explanation says of the lines that it matches. */
  enum Kind {
    /** Only our machine's guest has them. */
    OURS,
    /** Only QEMU's guest has them. */
    QEMU,
    /** Their groups are numbers that depend on time, or on how much memory something happens to take. */
    NUMBER,
    /** Their place among the other lines depends on time. */
    MOVES,
    /** They come only when the host disturbs QEMU's guest, whose time is the host's. */
    CHANCE
  }

  /** One entry; it knows whether it was of use. */
  static final class Explanation {
    final Kind kind;
    final String topic;
    final Pattern pattern;
    final int line;
    boolean used;

    private Explanation(Kind kind, String topic, Pattern pattern, int line) {
      this.kind = kind;
      this.topic = topic;
      this.pattern = pattern;
      this.line = line;
    }

    @Override
    public String toString() {
      return "line " + line + ": " + kind + " " + topic + " " + pattern;
    }
  }

  private final List<Explanation> list = new ArrayList<>();

  /** Reads the list that lies beside this class. */
  static Explanations read() {
    return read("explained-differences.txt");
  }

  /** Reads another list of that form. */
  static Explanations read(String name) {
    try (var in = new BufferedReader(new InputStreamReader(
        Explanations.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      return new Explanations(in.readAllLines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Explanations(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split(" +", 3);
      if (words.length < 3 || i + 1 == lines.size() || !lines.get(i + 1).startsWith("    ")) {
        throw new AssertionError("explained differences, line " + (i + 1)
            + ": expected kind, topic and pattern, and a reason in the next line");
      }
      list.add(new Explanation(Kind.valueOf(words[0].toUpperCase(java.util.Locale.ROOT)), words[1], Pattern.compile(words[2]), i + 1));
      i++;
    }
  }

  /** Whether a line is of a kind; its explanation counts as used. */
  boolean is(Kind kind, String topic, String line) {
    boolean found = false;
    for (Explanation explanation : list) {
      if (explanation.kind == kind && explanation.topic.equals(topic) && explanation.pattern.matcher(line).find()) {
        explanation.used = true;
        found = true;
      }
    }
    return found;
  }

  /** The line with the numbers taken out that may differ. */
  String withoutNumbers(String topic, String line) {
    String shortened = line;
    for (Explanation explanation : list) {
      Matcher matcher = explanation.pattern.matcher(shortened);
      if (explanation.kind == Kind.NUMBER && explanation.topic.equals(topic) && matcher.find()) {
        explanation.used = true;
        StringBuilder text = new StringBuilder(shortened);
        for (int group = matcher.groupCount(); group > 0; group--) {
          text.replace(matcher.start(group), matcher.end(group), "#");
        }
        shortened = text.toString();
      }
    }
    return shortened;
  }

  /** The entries that explained nothing, but for those that chance may bring. */
  List<Explanation> stale() {
    return list.stream().filter(e -> !e.used && e.kind != Kind.CHANCE).toList();
  }
}
