// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xenolith.console.api.SerialPort.ByteSink;

/**
 * What a console has shown, without carriage returns, of which the latest is kept. A text that is waited for is looked for in each line as it grows, so that a prompt is found, too; what was found once
 * isn't found again. A byte is a character of ISO 8859-1 for a pattern. Written by the machine's thread.
 */
final class ConsoleLog implements ByteSink {
  private static final int MOST = 8 << 20;
  /** A line is looked at this far from where the search goes on: a guest that writes no end of line takes no time that grows. */
  private static final int LONGEST = 4096;
  private final StringBuilder text = new StringBuilder();
  /** Where the search goes on. */
  private int from;
  private @Nullable Pattern wanted;
  private @Nullable MatchResult found;
  private Runnable whenSeen = () -> {};

  @Override
  public void accept(int letter) {
    Runnable tell = hear((char) (letter & 0xFF));
    if (tell != null) {
      tell.run();
    }
  }

  private synchronized @Nullable Runnable hear(char letter) {
    if (letter == '\r') {
      return null;
    }
    if (text.length() == MOST) {
      text.delete(0, MOST / 2);
      from = Math.max(0, from - MOST / 2);
    }
    text.append(letter);
    if (wanted == null || found != null) {
      return null;
    }
    found = search(wanted);
    return found == null ? null : whenSeen;
  }

  /** Looks for a line behind what was found before. */
  private @Nullable MatchResult search(Pattern pattern) {
    for (;;) {
      int end = text.indexOf("\n", from);
      int until = end < 0 ? text.length() : end;
      int begin = Math.max(text.lastIndexOf("\n", from - 1) + 1, until - LONGEST);
      String line = text.substring(begin, until);
      Matcher matcher = pattern.matcher(line).region(Math.max(0, from - begin), line.length()).useAnchoringBounds(false);
      if (matcher.find()) {
        MatchResult result = matcher.toMatchResult();
        from = begin + result.end();
        return result;
      }
      if (end < 0) {
        return null;
      }
      from = end + 1;
    }
  }

  /** Has somebody told, on the machine's thread, when a line matches. Returns whether one has already, behind what was found before. */
  synchronized boolean await(Pattern pattern, Runnable tell) {
    wanted = pattern;
    whenSeen = tell;
    found = search(pattern);
    return found != null;
  }

  /** Whether it has. */
  synchronized boolean seen() {
    return found != null;
  }

  /** Ends the waiting. Returns what was found. */
  synchronized Optional<MatchResult> forget() {
    Optional<MatchResult> result = Optional.ofNullable(found);
    wanted = null;
    found = null;
    return result;
  }

  /** Has shown, and found, what another one has. */
  void goOnFrom(ConsoleLog other) {
    String shown;
    int at;
    synchronized (other) {
      shown = other.text.toString();
      at = other.from;
    }
    synchronized (this) {
      text.append(shown);
      from = at;
    }
  }

  /** All that is kept. */
  synchronized String text() {
    return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** What was shown of the line that isn't ended. */
  synchronized String unended() {
    return text.substring(text.lastIndexOf("\n") + 1);
  }

  /** The last lines. */
  List<String> last(int count) {
    List<String> lines = text().stripTrailing().lines().toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }
}
