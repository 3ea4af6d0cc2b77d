// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A terminal's output that waits while a person types something else there: nothing runs through the line, and nothing is lost. Any thread. */
final class HeldOutput extends OutputStream {
  /** What waits at most, as a guest must not fill the host's memory: then it is shown all the same. */
  static final int MOST = 1 << 20;
  private final OutputStream out;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private boolean holds;

  HeldOutput(OutputStream out) {
    this.out = out;
  }

  /** From now on output waits. */
  synchronized void hold() {
    holds = true;
  }

  /** Shows what has waited, and from now on what comes. */
  synchronized void release() throws IOException {
    holds = false;
    show();
    out.flush();
  }

  /** Shows what has waited in all of them, in their order. Who writes into one that can't be written finds out with the next byte. */
  static void release(List<HeldOutput> all) {
    for (HeldOutput one : all) {
      try {
        one.release();
      } catch (IOException e) {
        // the others are shown
      }
    }
  }

  private void show() throws IOException {
    waiting.writeTo(out);
    waiting.reset();
  }

  @Override
  public synchronized void write(int b) throws IOException {
    if (!holds) {
      out.write(b);
      return;
    }
    waiting.write(b);
    if (waiting.size() >= MOST) {
      show();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    if (!holds) {
      out.write(bytes, from, length);
      return;
    }
    for (int i = from; i < from + length; i++) {
      write(bytes[i]);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }
}
