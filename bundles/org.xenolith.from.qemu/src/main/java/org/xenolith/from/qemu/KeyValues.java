// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An argument of QEMU's as its options have them: {@code FIRST,KEY=VALUE,KEY}, where two commas are one in a value. What was asked for is taken out, so that what is left can be told. */
final class KeyValues {
  private final Map<String, String> values = new LinkedHashMap<>();
  /** Those of keys that come more than once. */
  private final Map<String, List<String>> every = new LinkedHashMap<>();

  /** @param first the key of a first part that has none; empty if it is one that is on */
  KeyValues(String text, String first) {
    List<String> parts = parts(text);
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      int equals = part.indexOf('=');
      if (equals < 0 && i == 0 && !first.isEmpty()) {
        values.put(first, part);
      } else if (equals < 0) {
        boolean off = part.startsWith("no") && part.length() > 2;
        values.put(off ? part.substring(2) : part, off ? "off" : "on");
      } else {
        values.put(part.substring(0, equals), part.substring(equals + 1));
        every.computeIfAbsent(part.substring(0, equals), key -> new ArrayList<>()).add(part.substring(equals + 1));
      }
    }
  }

  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      boolean comma = text.charAt(i) == ',';
      if (comma && i + 1 < text.length() && text.charAt(i + 1) == ',') {
        part.append(',');
        i++;
      } else if (comma) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(text.charAt(i));
      }
    }
    parts.add(part.toString());
    parts.removeIf(String::isEmpty);
    return parts;
  }

  /** The value of a key, which is taken out; what is given if it isn't there. */
  String take(String key, String otherwise) {
    String value = values.remove(key);
    return value == null ? otherwise : value;
  }

  /** The values of a key that may come more than once, which is taken out. */
  List<String> all(String key) {
    values.remove(key);
    return every.getOrDefault(key, List.of());
  }

  /** Whether a key is on, which is taken out. */
  boolean on(String key) {
    return take(key, "off").matches("on|yes|true|y");
  }

  /** Takes keys out that say nothing to a guest. */
  void drop(String... keys) {
    for (String key : keys) {
      values.remove(key);
    }
  }

  /** What was not asked for. */
  Map<String, String> left() {
    return values;
  }
}
