// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.xenolith.history.api.PastMachine;

/**
 * What a command has found out, for people and for programs.
 *
 * @param text lines with their ends
 * @param data the same as maps with texts as keys, lists, texts, numbers and truth values
 */
record WordAnswer(String text, Object data) {
  /** One without data of its own: its lines. */
  static WordAnswer of(String text) {
    return new WordAnswer(text, Map.of("text", text.lines().toList()));
  }

  /** The same, which says of what moment of the past it is, and since when it isn't what was. */
  WordAnswer past(PastMachine stands) {
    String moment = stands.moment().toString();
    Map<String, Object> more = map("past", moment);
    stands.branched().ifPresent(since -> more.put("what-if", since.toString()));
    if (data instanceof Map<?, ?> map) {
      map.forEach((key, value) -> more.put(key.toString(), value));
    } else {
      more.put("answer", data);
    }
    return new WordAnswer(stands.branched().map(since -> "what if, since " + since + ": ").orElse("in the past: ") + moment + "\n" + text,
        more);
  }

  /** Keys and values in turn, in that order. */
  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** The data as JSON (RFC 8259), in a line. */
  String json() {
    return json(data) + "\n";
  }

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.entrySet().stream().map(each -> quoted(each.getKey().toString()) + ": " + json(each.getValue())).collect(
          Collectors.joining(", ", "{", "}"));
      case Collection<?> list -> list.stream().map(WordAnswer::json).collect(Collectors.joining(", ", "[", "]"));
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A number as addresses and values are written in data: JSON's have too few bits for them. */
  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

}
