// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * A domain's configuration file in the syntax of {@code xl.cfg(5)}: {@code key = value} with texts in quotes, numbers, and
 * lists of texts in brackets that may go over lines; {@code #} begins a comment, a semicolon ends a statement as a line does.
 */
final class ConfigFile {
  private final String name;
  private final String text;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private int at;
  private int line = 1;

  /**
   * One key.
   *
   * @param values a text or number is a list of one
   * @param list   whether it stands in brackets
   * @param line   where the key stands
   */
  record Entry(List<String> values, boolean list, int line) {}

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
    ConfigFile file = new ConfigFile(name, text);
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
      if (at == text.length() || text.charAt(at) != '=') {
        throw bad("expected '=' after " + key);
      }
      at++;
      blank(false);
      boolean list = at < text.length() && text.charAt(at) == '[';
      entries.put(key, new Entry(list ? list() : List.of(value()), list, where));
      blank(false);
      if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != ';') {
        throw bad("expected the end of the line after the value of " + key);
      }
    }
  }

  private String key() {
    int from = at;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (at == from) {
      throw bad("expected a key, got '" + text.charAt(at) + "'");
    }
    return text.substring(from, at);
  }

  private List<String> list() {
    List<String> values = new ArrayList<>();
    at++;
    for (;;) {
      blank(true);
      if (at == text.length()) {
        throw bad("a list isn't closed; expected ']'");
      }
      char c = text.charAt(at);
      if (c == ']') {
        at++;
        return values;
      }
      if (c == ',') {
        at++;
      } else {
        values.add(value());
      }
    }
  }

  private String value() {
    char quote = at < text.length() ? text.charAt(at) : '\n';
    if (quote == '"' || quote == '\'') {
      int end = text.indexOf(quote, at + 1);
      if (end < 0 || text.substring(at, end).indexOf('\n') >= 0) {
        throw bad("a text isn't closed; expected " + quote);
      }
      String value = text.substring(at + 1, end);
      at = end + 1;
      return value;
    }
    int from = at;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "-+.".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    String value = text.substring(from, at);
    if (!value.matches("[-+]?(0x[0-9a-fA-F]+|[0-9]+)")) {
      throw bad("expected a number, a text in quotes or a list, got '" + (value.isEmpty() ? quote : value) + "'");
    }
    return value;
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
