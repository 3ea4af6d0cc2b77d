// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.xenolith.command.api.HostReason;
import org.xenolith.console.api.SerialPort.ByteSink;

/**
 * The guest's console on its way out: to standard output, and past the marker that ends the run. Lines are matched as they
 * grow, so that a marker at a prompt without a line end is seen too. Trouble with either ends the run; the UART, which calls
 * from inside the machine, must never hear of it.
 */
final class ConsoleOutput implements ByteSink {
  private static final int LONGEST_LINE = 4096;
  /** Patterns that are nothing but what they look for. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9 :;,=_#@%/!-]+");
  private static final int ANY = -1;
  private final OutputStream out;
  private final Pattern marker;
  /** The last byte of what the marker matches; {@link #ANY} if that isn't always the same: menus have lines of thousands of bytes, each of which would be looked at again with each byte. */
  private final int last;
  private final Runnable stop;
  private volatile boolean eachByte;
  private final byte[] line = new byte[LONGEST_LINE];
  private int length;
  private boolean seen;
  private String trouble;
  private long bytes;
  private final boolean terminal;
  private int lastByte = '\n';

  /**
   * A console.
   *
   * @param terminal whether a person's prompt comes behind it
   * @param stop     ends the run: the marker was seen, or there is trouble
   */
  ConsoleOutput(OutputStream out, Pattern marker, boolean eachByte, boolean terminal, Runnable stop) {
    this.out = out;
    this.terminal = terminal;
    this.marker = marker;
    last = marker != null && PLAIN.matcher(marker.pattern()).matches() && marker.flags() == 0
        ? marker.pattern().charAt(marker.pattern().length() - 1)
        : ANY;
    this.eachByte = eachByte;
    this.stop = stop;
  }

  @Override
  public void accept(int b) {
    bytes++;
    if (trouble != null) {
      return;
    }
    lastByte = b;
    try {
      out.write(b);
      if (eachByte || b == '\n') {
        out.flush();
      }
    } catch (IOException e) {
      gone(e);
      return;
    }
    if (marker != null && !seen) {
      match(b);
    }
  }

  private void gone(IOException e) {
    trouble = "standard output can't be written (" + HostReason.of(e).text() + "): the run was stopped";
    stop.run();
  }

  private void match(int b) {
    if (b == '\n' || b == '\r') {
      length = 0;
      return;
    }
    if (length == line.length) {
      System.arraycopy(line, length / 2, line, 0, length / 2);
      length /= 2;
    }
    line[length++] = (byte) b;
    if (mayEnd(b)) {
      find();
    }
  }

  /** Whether the marker may be seen now that a line has ended with this byte: if it is plain text, that is its last one. */
  private boolean mayEnd(int b) {
    return last == ANY || last == (b & 0xFF);
  }

  private void find() {
    try {
      seen = marker.matcher(new String(line, 0, length, StandardCharsets.UTF_8)).find();
    } catch (StackOverflowError e) {
      trouble = "--until '" + marker + "': too deep to match against a line of " + length
          + " bytes, the run was stopped; simplify it";
      stop.run();
    }
    if (seen) {
      stop.run();
    }
  }

  /** Whether the marker was seen. */
  boolean seen() {
    return seen;
  }

  /** Why the console can't be followed any more, or null. */
  String trouble() {
    return trouble;
  }

  /** Bytes the guest has sent. */
  long bytes() {
    return bytes;
  }

  /** The run is over: at a terminal, what comes next begins a line. A file or a pipe has the guest's bytes and no more. */
  void endLine() {
    if (terminal) {
      breakLine();
    }
  }

  /** What comes next in the same stream begins a line. */
  void breakLine() {
    if (lastByte != '\n' && trouble == null) {
      try {
        out.write('\n');
      } catch (IOException e) {
        gone(e);
      }
      flush();
    }
  }

  /** The program may end at any moment: nothing stays in a buffer from now on. Any thread. */
  void ending() {
    eachByte = true;
    flush();
  }

  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      if (trouble == null) {
        gone(e);
      }
    }
  }
}
