// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.xenolith.console.api.SerialPort.ByteSink;

/**
 * A serial line from a guest to a terminal. The guest's bytes are taken on the machine's thread; a thread of the line's own
 * writes them to the terminal, which may be slow or absent. When the terminal lags by {@link #BACKLOG} bytes the machine waits:
 * that delays it and changes nothing that a guest could see. Without a terminal only the latest bytes are kept, and a terminal
 * that comes gets them first.
 */
final class SerialLine implements ByteSink, AutoCloseable {
  /** Most bytes that wait for the terminal. */
  static final int BACKLOG = 1 << 16;

  private final byte[] ring = new byte[BACKLOG];
  /** Bytes taken from the guest; the ring holds those from {@code taken - BACKLOG} on. */
  private long taken;
  private long written;
  private OutputStream terminal;
  private boolean closed;

  SerialLine() {
    Thread.ofPlatform().name("serial line").daemon().start(this::pump);
  }

  @Override
  public synchronized void accept(int b) {
    while (terminal != null && !closed && taken - written == BACKLOG) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    ring[(int) (taken++ % BACKLOG)] = (byte) b;
    if (taken - written == 1) {
      notifyAll();
    }
  }

  /** The terminal that shows the line from now on: first what is still known of what was said. Null for none. */
  synchronized void attach(OutputStream to) {
    terminal = to;
    written = Math.max(0, taken - BACKLOG);
    notifyAll();
  }

  /** Forgets what was said. */
  synchronized void clear() {
    written = 0;
    taken = 0;
    notifyAll();
  }

  private void pump() {
    byte[] chunk = new byte[4096];
    while (true) {
      int length;
      OutputStream to;
      synchronized (this) {
        while (!closed && (terminal == null || taken == written)) {
          try {
            wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed) {
          return;
        }
        written = Math.max(written, taken - BACKLOG);
        length = (int) Math.min(chunk.length, taken - written);
        for (int i = 0; i < length; i++) {
          chunk[i] = ring[(int) ((written + i) % BACKLOG)];
        }
        written += length;
        to = terminal;
        notifyAll();
      }
      write(to, chunk, length);
    }
  }

  private void write(OutputStream to, byte[] chunk, int length) {
    try {
      to.write(chunk, 0, length);
      to.flush();
    } catch (IOException | UncheckedIOException e) {
      synchronized (this) {
        if (terminal == to) {
          terminal = null; // it was closed; the next one gets what is kept
        }
        notifyAll();
      }
    }
  }

  /** What the guest said last. */
  synchronized byte[] kept() {
    int count = (int) Math.min(taken, BACKLOG);
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = ring[(int) ((taken - count + i) % BACKLOG)];
    }
    return bytes;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
