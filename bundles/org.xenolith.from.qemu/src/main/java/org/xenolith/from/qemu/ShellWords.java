// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.command.api.BadInput;

/**
 * Words of a line as a shell reads it, and back: quotes, backslashes, ends of lines. What the shell would put in, a variable or the output of a command, stays as it is, and is put in when the new line is
 * executed. Source: POSIX.1-2017, volume Shell and Utilities, 2.2 Quoting, 2.3 Token Recognition.
 */
final class ShellWords {
  /** In a word where the shell puts something in: a character of nobody's in the place of its dollar. */
  static final char PUT_IN = '\uE000';
  private static final String ENDS = ";|&<>\n";
  private static final String PLAIN = "[A-Za-z0-9_@%+=:,./-]+";

  private final String text;
  private final List<String> words = new ArrayList<>();
  private StringBuilder word;
  private int at;

  private ShellWords(String text) {
    this.text = text;
  }

  /** The words of the first command in a text. @throws BadInput if a quote isn't ended */
  static List<String> split(String text) {
    return new ShellWords(text).read();
  }

  private List<String> read() {
    for (at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '#' && word == null) {
        at = line() - 1;
      } else if (ENDS.indexOf(c) >= 0) {
        end();
        if (!words.isEmpty()) {
          return words;
        }
      } else if (Character.isWhitespace(c)) {
        end();
      } else {
        part(c);
      }
    }
    end();
    return words;
  }

  private int line() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private void end() {
    if (word != null) {
      words.add(word.toString());
      word = null;
    }
  }

  private void part(char c) {
    if (c == '\\') {
      escaped();
      return;
    }
    word = word == null ? new StringBuilder() : word;
    switch (c) {
      case '\'' -> {
        int end = quote('\'');
        word.append(text, at + 1, end);
        at = end;
      }
      case '"' -> quoted();
      case '$' -> putIn();
      default -> word.append(c);
    }
  }

  /** A backslash before the end of a line joins it with the next one, and blanks may be behind it where lines were copied. */
  private void escaped() {
    int next = at + 1;
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\r')) {
      next++;
    }
    if (next >= text.length() || text.charAt(next) == '\n') {
      at = next;
    } else {
      word = word == null ? new StringBuilder() : word;
      word.append(text.charAt(++at));
    }
  }

  private int quote(char which) {
    int end = text.indexOf(which, at + 1);
    if (end < 0) {
      throw new BadInput("from-qemu: a quote " + which + " isn't ended, at letter " + (at + 1) + " of the line");
    }
    return end;
  }

  private void quoted() {
    int begin = at;
    for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length() && "\"\\$`\n".indexOf(text.charAt(at + 1)) >= 0) {
        at++;
        if (text.charAt(at) != '\n') {
          word.append(text.charAt(at));
        }
      } else if (c == '$') {
        putIn();
      } else {
        word.append(c);
      }
    }
    if (at >= text.length()) {
      at = begin;
      quote('"');
    }
  }

  /** A variable, or a command whose output is put in, with all of its letters. */
  private void putIn() {
    int next = at + 1;
    char open = next < text.length() ? text.charAt(next) : ' ';
    if (open != '{' && open != '(' && !Character.isLetterOrDigit(open) && open != '_' && open != '@' && open != '*') {
      word.append('$');
      return;
    }
    word.append(PUT_IN);
    if (open == '{' || open == '(') {
      char close = open == '{' ? '}' : ')';
      int depth = 0;
      do {
        char c = next < text.length() ? text.charAt(next) : close;
        depth += c == open ? 1 : c == close ? -1 : 0;
        word.append(c);
        next++;
      } while (depth > 0);
      at = next - 1;
    }
  }

  /** A word as it is written for a shell. */
  static String quoted(String word) {
    if (word.indexOf(PUT_IN) >= 0) {
      return '"' + word.replaceAll("([\"\\\\$`])", "\\\\$1").replace(PUT_IN, '$') + '"';
    }
    return word.matches(PLAIN) ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
