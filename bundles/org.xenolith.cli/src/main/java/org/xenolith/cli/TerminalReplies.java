// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.regex.Pattern;

/**
 * Tells what a terminal says of itself from what a person types. A guest may have asked for it just before the person turned to the monitor's
 * prompt, so that the answer comes there. Forms by ECMA-48 and xterm's control sequences: cursor position and status reports, device attributes,
 * and strings (OSC, DCS).
 */
final class TerminalReplies {
  private static final int ESCAPE = 0x1B;
  private static final int BELL = 7;
  private static final int LONGEST = 256;
  private static final Pattern REPLY = Pattern.compile("\033\\[(\\d+;\\d+R|[?>=]?[\\d;]*[cn]|\\?[\\d;]*R|\\?[\\d;]*\\$y)");
  private final StringBuilder begun = new StringBuilder();

  /** What has come of a sequence. */
  enum Kind {
    /** The next byte decides. */
    MORE,
    /** A person typed it. */
    KEYS,
    /** The terminal said it. */
    REPLY
  }

  /** Takes a byte; {@link #taken} has what came, unless there is to be more. */
  Kind add(int key) {
    begun.append((char) key);
    return kind();
  }

  private Kind kind() {
    int length = begun.length();
    char last = begun.charAt(length - 1);
    if (begun.charAt(0) != ESCAPE || length >= LONGEST) {
      return Kind.KEYS;
    }
    if (length == 1) {
      return Kind.MORE;
    }
    return switch (begun.charAt(1)) {
      case '[' -> length == 2 || last < '@' || last > '~' ? Kind.MORE : REPLY.matcher(begun).matches() ? Kind.REPLY : Kind.KEYS;
      case ']', 'P' -> last == BELL || last == '\\' && begun.charAt(length - 2) == ESCAPE ? Kind.REPLY : Kind.MORE;
      default -> Kind.KEYS;
    };
  }

  /** Whether something has begun that more may belong to. */
  boolean pending() {
    return !begun.isEmpty();
  }

  /** What has come, which is forgotten. */
  byte[] taken() {
    byte[] bytes = new byte[begun.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) begun.charAt(i);
    }
    begun.setLength(0);
    return bytes;
  }
}
