// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What a client is sent: whole lines, whoever writes them. */
final class AnswerLines extends OutputStream {
  private final OutputStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long lines;

  AnswerLines(OutputStream out) {
    this.out = out;
  }

  /** One line, beside what is being written. */
  synchronized void line(byte[] text) throws IOException {
    out.write(text);
    out.write('\n');
    out.flush();
  }

  @Override
  public synchronized void write(int b) throws IOException {
    if (b != '\n') {
      line.write(b);
      return;
    }
    byte[] whole = line.toByteArray();
    line.reset();
    line(whole);
    lines++;
    notifyAll();
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    for (int i = 0; i < length; i++) {
      write(bytes[from + i]);
    }
  }

  /** Waits until so many lines have been written in all, or a time has passed. */
  synchronized void await(long wanted, long milliseconds) throws InterruptedException {
    long end = System.nanoTime() / 1_000_000 + milliseconds;
    for (long left = milliseconds; lines < wanted && left > 0; left = end - System.nanoTime() / 1_000_000) {
      wait(left);
    }
  }
}
