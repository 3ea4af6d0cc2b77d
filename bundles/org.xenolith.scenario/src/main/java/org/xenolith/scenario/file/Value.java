// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.xenolith.command.api.BadInput;

/**
 * A value in a scenario file; what it can't be read as is a complaint with its line.
 *
 * @param node       the parsed value
 * @param file       where from
 * @param properties what {@code ${name}} stands for
 */
record Value(Node node, Path file, Map<String, String> properties) {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?) ?(ns|us|ms|s|m|min)");
  /** Ten years in nanoseconds: no time of a machine overflows by it. */
  private static final double LONGEST = 3.2e17;
  /** Characters of a text with its properties. */
  private static final int MOST_TEXT = 1 << 20;
  /** Characters of a regular expression, and groups and classes in each other: Java takes them in by calls in calls. */
  private static final int MOST_PATTERN = 4096;
  private static final int DEEPEST_PATTERN = 100;
  private static final Pattern SIZE = Pattern.compile("(\\d+) ?([KMG]?)i?B?");

  Place place() {
    return new Place(file, node.getStartMark().map(Mark::getLine).orElse(0) + 1);
  }

  /** The same node with other properties. */
  Value with(Map<String, String> others) {
    return new Value(node, file, others);
  }

  boolean isText() { return node instanceof ScalarNode; }

  boolean isList() { return node instanceof SequenceNode; }

  /** A text, its properties replaced. */
  String text() {
    if (!(node instanceof ScalarNode scalar)) {
      throw bad("expected a single value, not a " + (node instanceof MappingNode ? "mapping" : "list"));
    }
    Matcher matcher = PROPERTY.matcher(scalar.getValue());
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String value = properties.get(matcher.group(1));
      if (value == null) {
        throw bad("${" + matcher.group(1) + "} is not said; give it with -D " + matcher.group(1)
            + "=VALUE or a default under 'properties:'");
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(value));
      if (text.length() > MOST_TEXT) {
        throw bad("with its properties the text has more than " + (MOST_TEXT >> 20) + " MiB; bring long ones along under 'files:'");
      }
    }
    return matcher.appendTail(text).toString();
  }

  List<Value> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw bad("expected a list: lines that begin with '- '");
    }
    return sequence.getValue().stream().map(item -> new Value(item, file, properties)).toList();
  }

  /** Texts of a list; a single text is a list of one. */
  List<String> texts() {
    return isText() ? List.of(text()) : list().stream().map(Value::text).toList();
  }

  MappingNode mapping() {
    if (!(node instanceof MappingNode mapping)) {
      throw bad("expected a mapping: lines of 'key: value'");
    }
    return mapping;
  }

  boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad("'" + text() + "': expected true or false");
    };
  }

  /** A whole number from {@code least} to {@code most}. */
  long number(long least, long most) {
    try {
      String text = text();
      long value = text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // the complaint below says what was expected
    }
    throw bad("'" + text() + "': expected a whole number " + (most == Long.MAX_VALUE ? "of at least " + least
        : "from " + least + " to " + most));
  }

  /** A duration in nanoseconds. */
  long duration() {
    Matcher matcher = DURATION.matcher(text());
    if (!matcher.matches()) {
      throw bad("'" + text() + "': expected a duration such as 250us, 100ms, 5s or 2min");
    }
    double unit = switch (matcher.group(2)) {
      case "ns" -> 1;
      case "us" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      default -> 60e9;
    };
    double nanoseconds = Double.parseDouble(matcher.group(1)) * unit;
    if (nanoseconds > LONGEST) {
      throw bad("'" + text() + "': expected a duration of at most 10 years");
    }
    return (long) nanoseconds;
  }

  /** Bytes. */
  long size() {
    Matcher matcher = SIZE.matcher(text());
    if (!matcher.matches() || matcher.group(1).length() > 9) {
      throw bad("'" + text() + "': expected a size such as 64K, 512M or 2G");
    }
    return Long.parseLong(matcher.group(1)) << switch (matcher.group(2)) {
      case "K" -> 10;
      case "M" -> 20;
      case "G" -> 30;
      default -> 0;
    };
  }

  /** A regular expression, in which ^ and $ are the ends of a line. */
  Pattern pattern() {
    String text = text();
    if (text.length() > MOST_PATTERN) {
      throw bad("the regular expression has " + text.length() + " characters; at most " + MOST_PATTERN);
    }
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth = Math.max(0, depth - 1);
      }
      if (depth > DEEPEST_PATTERN) {
        throw bad("the regular expression has more than " + DEEPEST_PATTERN + " groups in each other");
      }
    }
    try {
      return Pattern.compile(text, Pattern.MULTILINE);
    } catch (PatternSyntaxException e) {
      throw bad("'" + text() + "': " + e.getDescription() + " at position " + e.getIndex());
    }
  }

  /** A file, relative ones beside the scenario. */
  Path path() {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return folder.resolve(text()).normalize();
    } catch (InvalidPathException e) {
      throw bad("'" + text() + "': " + e.getReason());
    }
  }

  BadInput bad(String message) {
    return place().bad(message);
  }
}
