// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.console.api.SerialPort.ByteSink;

/**
 * What a console has shown, without carriage returns. Lines are matched as they grow, so that a prompt without a line end is
 * seen too; what was matched once isn't matched again. A byte is a character, as in ISO 8859-1. Machine thread only.
 */
final class Transcript implements ByteSink {
  /** Far more than a boot; a guest that shows more loses the beginning. */
  private static final int MOST = 16 << 20;
  private static final int LONGEST_LINE = 4096;
  private static final String TOO_DEEP = "the pattern is too deep to match against a line of the console; simplify it";
  private final StringBuilder text = new StringBuilder();
  private final ByteSink copy;
  /** Where the search goes on: behind the last match, or where a line begins that could not be matched to its end. */
  private int from;
  private Pattern awaited;
  private Runnable stop;
  private boolean seen;
  private String trouble = "";

  /** @param copy gets every byte too */
  Transcript(ByteSink copy) {
    this.copy = copy;
  }

  @Override
  public void accept(int b) {
    copy.accept(b);
    if (b == '\r') {
      return;
    }
    if (text.length() == MOST) {
      text.delete(0, MOST / 2);
      from = Math.max(0, from - MOST / 2);
    }
    text.append((char) b);
    if (awaited != null && !seen) {
      seen = find(awaited);
      if (seen || !trouble.isEmpty()) {
        stop.run();
      }
    }
  }

  /** Has shown what another one has, and matched what it has. */
  void goOnFrom(Transcript other) {
    text.append(other.text);
    from = other.from;
  }

  /** What was shown of the line that isn't ended. */
  String unended() {
    return text.substring(text.lastIndexOf("\n") + 1);
  }

  /** Looks for a line behind what was matched before; what is found counts as matched. */
  boolean find(Pattern pattern) {
    try {
      for (;;) {
        int end = text.indexOf("\n", from);
        int until = end < 0 ? text.length() : end;
        if (until - from > LONGEST_LINE) {
          from = until - LONGEST_LINE / 2;
        }
        Matcher matcher = in(pattern, from, until);
        if (matcher.find()) {
          from = matcher.end();
          return true;
        }
        if (end < 0) {
          return false;
        }
        from = end + 1;
      }
    } catch (StackOverflowError e) {
      // The UART calls from inside the machine: it must never hear of this.
      trouble = TOO_DEEP;
      return false;
    }
  }

  private Matcher in(Pattern pattern, int begin, int end) {
    return pattern.matcher(text).region(begin, end).useAnchoringBounds(false).useTransparentBounds(true);
  }

  /** Whether any line that is still known matches, matched before or not. */
  boolean shows(Pattern pattern) {
    try {
      return text.toString().lines().anyMatch(line -> pattern.matcher(line).find());
    } catch (StackOverflowError e) {
      trouble = TOO_DEEP;
      return false;
    }
  }

  /** From now on runs an action at the byte that completes a match; {@link #seen} tells of it. */
  void await(Pattern pattern, Runnable whenSeen) {
    awaited = pattern;
    stop = whenSeen;
    seen = find(pattern);
  }

  /** Ends the waiting. */
  void forget() {
    awaited = null;
  }

  /** Whether what was awaited has come. */
  boolean seen() {
    return seen;
  }

  /** Why it can't be told whether something has come; empty if it can. */
  String trouble() {
    return trouble;
  }

  /** The last lines, without those at the end that are empty. */
  List<String> last(int lines) {
    // Bytes again, for those who write UTF-8.
    String all = new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).stripTrailing();
    List<String> each = all.lines().toList();
    return each.subList(Math.max(0, each.size() - lines), each.size());
  }

  boolean isEmpty() { return text.isEmpty(); }
}
