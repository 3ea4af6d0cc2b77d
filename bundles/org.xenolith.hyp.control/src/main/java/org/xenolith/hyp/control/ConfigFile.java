// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * A domain's configuration file in the syntax of {@code xl.cfg(5)}, by the rules of libxlu's grammar: {@code key = value} and {@code key +=
 * value} with texts in either quotes, numbers, and lists in brackets, which go over lines and hold lists; {@code #} begins a comment, a
 * semicolon ends a statement as a line does. A backslash in a text escapes what follows. {@code +=} appends to a text or to a list. Lines may
 * end as DOS has them, and a byte order mark is skipped.
 */
final class ConfigFile {
  /** How deep lists may nest; those of {@code vnuma} have two levels. */
  private static final int DEEPEST = 16;
  private static final String ESCAPES = "abfnrtv";
  private static final String ESCAPED = "\007\b\f\n\r\t\013";

  private final String name;
  private final String text;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private int at;
  private int line = 1;
  private boolean nested;

  /**
   * One key.
   *
   * @param values a text or number is a list of one; what lists in a list hold stands there as if they weren't
   * @param list   whether it stands in brackets
   * @param nested whether there are lists in the list
   * @param line   where the key stands
   */
  record Entry(List<String> values, boolean list, boolean nested, int line) {}

  private ConfigFile(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * Reads a file's text.
   *
   * @param name for messages
   * @throws HypervisorException naming file and line if it has another syntax
   */
  static Map<String, Entry> parse(String name, String text) {
    ConfigFile file = new ConfigFile(name, text.startsWith("\uFEFF") ? text.substring(1) : text);
    file.statements();
    return file.entries;
  }

  private void statements() {
    for (;;) {
      blank(true);
      if (at == text.length()) {
        return;
      }
      int where = line;
      String key = key();
      blank(false);
      boolean more = text.startsWith("+=", at);
      at += more ? 1 : 0;
      if (here() != '=') {
        throw bad("expected '=' or '+=' after " + key);
      }
      at++;
      blank(false);
      boolean list = here() == '[';
      nested = false;
      List<String> values = list ? list(1) : List.of(value());
      put(key, new Entry(values, list, nested, where), more);
      blank(false);
      if (at < text.length() && here() != '\n' && here() != ';') {
        throw bad("expected the end of the line after the value of " + key);
      }
    }
  }

  private void put(String key, Entry entry, boolean more) {
    Entry before = more ? entries.get(key) : null;
    if (before == null) {
      entries.put(key, entry);
      return;
    }
    if (before.list() != entry.list()) {
      throw bad(key + " is a " + (before.list() ? "list" : "text") + " since line " + before.line() + "; += can't append a "
          + (entry.list() ? "list" : "text") + " to it");
    }
    List<String> values = new ArrayList<>(before.values());
    values.addAll(entry.values());
    entries.put(key, new Entry(entry.list() ? values : List.of(String.join("", values)), entry.list(), before.nested() || entry.nested(),
        entry.line()));
  }

  /** What stands at this place; a line's end behind the last one. */
  private char here() {
    return at < text.length() ? text.charAt(at) : '\n';
  }

  private String key() {
    int from = at;
    while (Character.isLetterOrDigit(here()) || here() == '_') {
      at++;
    }
    if (at == from) {
      throw bad("expected a key, got '" + here() + "'");
    }
    return text.substring(from, at);
  }

  private List<String> list(int depth) {
    if (depth > DEEPEST) {
      throw bad("lists stand in lists more than " + DEEPEST + " deep");
    }
    nested |= depth > 1;
    List<String> values = new ArrayList<>();
    at++;
    for (boolean separated = true;;) {
      blank(true);
      if (at == text.length()) {
        throw bad("a list isn't closed; expected ']'");
      }
      char c = here();
      if (c == ']') {
        at++;
        return values;
      }
      if (c == ',' && !separated) {
        at++;
        separated = true;
      } else if (c == ',' || !separated) {
        throw bad(c == ',' ? "a list has a comma with nothing before it" : "expected ',' or ']' after a list's value");
      } else {
        separated = false;
        if (c == '[') {
          values.addAll(list(depth + 1));
        } else {
          values.add(value());
        }
      }
    }
  }

  private String value() {
    char quote = here();
    if (quote == '"' || quote == '\'') {
      return quoted(quote);
    }
    int from = at;
    while (Character.isLetterOrDigit(here()) || "-+.".indexOf(here()) >= 0) {
      at++;
    }
    String value = text.substring(from, at);
    if (!value.matches("[-+]?(0x[0-9a-fA-F]+|[0-9]+)")) {
      throw bad("expected a number, a text in quotes or a list, got '" + (value.isEmpty() ? quote : value) + "'");
    }
    return value;
  }

  private String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    at++;
    while (here() != quote) {
      if (here() == '\n') {
        throw bad("a text isn't closed; expected " + quote);
      }
      char c = here();
      at++;
      value.append(c == '\\' ? escaped() : c);
    }
    at++;
    return value.toString();
  }

  /** What a backslash and the characters behind it stand for. */
  private char escaped() {
    char c = here();
    int control = ESCAPES.indexOf(c);
    if (c == '\\' || c == '"' || c == '\'') {
      at++;
      return c;
    }
    if (control >= 0) {
      at++;
      return ESCAPED.charAt(control);
    }
    boolean hexadecimal = c == 'x';
    int from = at + (hexadecimal ? 1 : 0);
    int radix = hexadecimal ? 16 : 8;
    int end = from;
    while (end < text.length() && end < from + (hexadecimal ? 2 : 3) && text.charAt(end) < 0x80
        && Character.digit(text.charAt(end), radix) >= 0) {
      end++;
    }
    if (end - from < (hexadecimal ? 2 : 1)) {
      throw bad("a text has \\" + (c == '\n' ? "" : c) + ", which is no escape; a backslash itself is \\\\");
    }
    at = end;
    return (char) (Integer.parseInt(text.substring(from, end), radix) & 0xFF);
  }

  /** Skips blanks and comments; ends of statements too if {@code lines}. */
  private void blank(boolean lines) {
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
        at--;
      } else if (c == '\n' || c == ';') {
        if (!lines) {
          return;
        }
        line += c == '\n' ? 1 : 0;
      } else if (!Character.isWhitespace(c)) {
        return;
      }
    }
  }

  private HypervisorException bad(String what) {
    return new HypervisorException(-XenErrno.XEN_EINVAL, name + ":" + line + ": " + what);
  }
}
