// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What the guest has written to its console: the latest of it, and how far a client has read. A text that is waited for is looked for in each line as it is written. */
final class ConsoleText {
  private static final int KEPT = 1 << 18;
  /** A line is looked at up to here. */
  private static final int LONGEST = 1 << 12;
  private byte[] kept = new byte[1 << 12];
  private int used;
  private long written;
  private long read;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  /** What is waited for; null for nothing. */
  private Pattern wanted;
  private Runnable seen = () -> {};

  /** The guest writes. On the machine's thread. */
  void accept(int letter) {
    Runnable tell = null;
    synchronized (this) {
      keep((byte) letter);
      if (letter == '\n' || line.size() >= LONGEST) {
        line.reset();
      } else {
        line.write(letter);
      }
      if (wanted != null && wanted.matcher(line.toString(StandardCharsets.UTF_8)).find()) {
        tell = seen;
        wanted = null;
      }
    }
    if (tell != null) {
      tell.run();
    }
  }

  private void keep(byte letter) {
    if (used == kept.length) {
      if (kept.length < KEPT) {
        kept = Arrays.copyOf(kept, kept.length * 2);
      } else {
        used = KEPT / 2;
        System.arraycopy(kept, KEPT / 2, kept, 0, used);
      }
    }
    kept[used++] = letter;
    written++;
  }

  /** Has somebody told, on the machine's thread, when a line that is written from now on has a text in it; once. */
  synchronized void await(Pattern text, Runnable told) {
    wanted = text;
    seen = told;
  }

  /** Nobody waits any more. Returns whether the text that was waited for hasn't come. */
  synchronized boolean forget() {
    boolean still = wanted != null;
    wanted = null;
    return still;
  }

  /** What was written since this was asked last, as far as it is kept. */
  synchronized String fresh() {
    int count = (int) Math.min(used, written - read);
    read = written;
    return text(used - count);
  }

  /** The last lines. @param count how many at most */
  synchronized String last(int count) {
    read = written;
    int from = used;
    // The newline at the very end ends the last line, and begins none.
    for (int lines = 0; from > 0; from--) {
      lines += kept[from - 1] == '\n' && from < used ? 1 : 0;
      if (lines == count) {
        break;
      }
    }
    return text(from);
  }

  /** Of lines that end as a terminal's do the end of a text's stays. */
  private String text(int from) {
    return new String(kept, from, used - from, StandardCharsets.UTF_8).replace("\r", "");
  }
}
