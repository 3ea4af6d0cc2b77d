// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.fdt.FdtException;

/** The characters of one source file, without white space and comments, and where they stand. */
final class DtsLexer {
  /** White space, comments, and the line markers that a C preprocessor leaves. */
  private static final Pattern SKIPPED = Pattern.compile("(?:\\s+|//[^\n]*|/\\*.*?\\*/)+", Pattern.DOTALL);
  private static final Pattern LINE_MARKER = Pattern.compile("#(?:line)?[ \t]+(\\d+)[ \t]+\"([^\"\n]*)\"[^\n]*\n?");
  private static final Pattern DIRECTIVE = Pattern.compile("#[ \t]*(include|define|undef|ifdef|ifndef|if|else|endif|error)\\b");

  private final String text;
  private String file;
  private int at;
  /** Where the line begins that has the number of {@link #markedLine}. */
  private int marked;
  private int markedLine = 1;

  DtsLexer(String file, byte[] content) {
    this.file = file;
    text = new String(content, StandardCharsets.ISO_8859_1);
    skip();
  }

  /** Whether nothing is left. */
  boolean ended() {
    return at >= text.length();
  }

  /** The next character, or 0 at the end. */
  char peek() {
    return ended() ? 0 : text.charAt(at);
  }

  /** Takes these characters if they come next. */
  boolean take(String token) {
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    skip();
    return true;
  }

  /** Whether these characters come next. */
  boolean ahead(String token) {
    return text.startsWith(token, at);
  }

  /** Takes what must come next. */
  void expect(String token, String where) {
    if (!take(token)) {
      throw fault("expected '" + token + "' " + where + ", got " + next(), "correct the source");
    }
  }

  /** Takes what matches next, white space after it included, or null. */
  String take(Pattern pattern) {
    String found = takeExactly(pattern);
    skip();
    return found;
  }

  /** The same where white space counts: between the quotes of a string. */
  String takeExactly(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    at = matcher.end();
    return matcher.group();
  }

  /** A fault at this place. */
  FdtException fault(String what, String remedy) {
    return new FdtException(FdtException.NO_OFFSET, place() + ": " + what, remedy);
  }

  /** File and line. */
  String place() {
    int line = markedLine;
    for (int i = marked; i < at && i < text.length(); i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return file + ", line " + line;
  }

  /** What comes next, for messages. */
  String next() {
    if (ended()) {
      return "the end of the file";
    }
    int end = at;
    while (end < text.length() && end < at + 20 && text.charAt(end) > ' ' && text.charAt(end) <= '~') {
      end++;
    }
    return end == at ? "the character 0x" + Integer.toHexString(text.charAt(at)) : '\'' + text.substring(at, end) + '\'';
  }

  private void skip() {
    for (int before = -1; before != at;) {
      before = at;
      takeExactly(SKIPPED);
      if (peek() == '#' && (at == 0 || text.lastIndexOf('\n', at) >= 0 && text.substring(text.lastIndexOf('\n', at) + 1, at).isBlank())) {
        preprocessed();
      }
    }
    if (text.startsWith("/*", at)) {
      throw fault("a comment that doesn't end", "end it with */");
    }
  }

  private void preprocessed() {
    Matcher marker = LINE_MARKER.matcher(text).region(at, text.length());
    if (marker.lookingAt()) {
      at = marker.end();
      file = marker.group(2);
      marked = at;
      markedLine = marker.group(1).length() > 9 ? 1 : Integer.parseInt(marker.group(1));
    } else if (DIRECTIVE.matcher(text).region(at, text.length()).lookingAt()) {
      throw fault("a line for the C preprocessor: " + next(),
          "run it first, as the kernel's build does: cpp -nostdinc -undef -x assembler-with-cpp -I FOLDER FILE > PLAIN.dts");
    }
  }
}
