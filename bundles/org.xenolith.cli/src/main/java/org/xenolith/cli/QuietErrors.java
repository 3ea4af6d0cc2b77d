// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;

/**
 * Standard error of a run that was asked to be quiet ({@code --quiet}): what is told waits, and is shown only if the run fails. So whoever runs many sees what the one
 * that failed had told before, and commands of other bundles need not know of it. Any thread.
 */
final class QuietErrors extends OutputStream {
  static final String OPTION = "--quiet";
  /** What waits at most: of more the beginning is dropped, and that is said. */
  static final int MOST = 1 << 20;
  private final PrintStream err;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private boolean shows;
  private boolean dropped;

  QuietErrors(PrintStream err) {
    this.err = err;
  }

  /** Whether a command line asks for it, before it is parsed: bundles are taken before that, and tell of it. */
  static boolean asked(String... arguments) {
    for (String argument : arguments) {
      if (argument.equals("--")) {
        return false;
      }
      if (argument.equals(OPTION)) {
        return true;
      }
    }
    return false;
  }

  /** The stream to tell to. */
  PrintStream stream() {
    return new PrintStream(this, true, err.charset());
  }

  /** Shows what waits, and from now on what comes: it failed, or somebody is asked. */
  synchronized void show() {
    if (shows) {
      return;
    }
    shows = true;
    if (dropped) {
      err.println("xenolith: (what was told before that is left out)");
    }
    byte[] all = waiting.toByteArray();
    err.write(all, 0, all.length);
    err.flush();
    waiting.reset();
  }

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    if (shows) {
      err.write(bytes, from, length);
      return;
    }
    waiting.write(bytes, from, length);
    if (waiting.size() > MOST) {
      dropBeginning();
    }
  }

  /** The later half is kept, from the beginning of a line on. */
  private void dropBeginning() {
    byte[] all = waiting.toByteArray();
    int keep = all.length / 2;
    while (keep < all.length && all[keep - 1] != '\n') {
      keep++;
    }
    dropped = true;
    waiting.reset();
    waiting.writeBytes(Arrays.copyOfRange(all, keep, all.length));
  }

  @Override
  public synchronized void flush() {
    if (shows) {
      err.flush();
    }
  }
}
