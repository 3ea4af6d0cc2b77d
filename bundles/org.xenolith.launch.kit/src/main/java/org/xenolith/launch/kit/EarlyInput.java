// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.xenolith.console.api.SerialPort;

/**
 * What is typed at a serial line: kept until somebody in the guest listens, then brought to the machine. Whoever types more than
 * the guest takes must wait, so that an endless standard input does not fill the memory.
 */
final class EarlyInput {
  /** Most bytes on their way before who types waits. */
  private static final int MOST = 1 << 16;
  private final Consumer<byte[]> machine;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean listening;
  /** Bytes that are kept, or with the machine and not taken by the line yet. */
  private long under;

  /** @param machine takes what is typed; it may be called by any thread, also from inside the machine */
  EarlyInput(SerialPort port, Consumer<byte[]> machine) {
    this.machine = machine;
    port.onListening(this::listens);
    listening = port.listening();
  }

  private synchronized void listens() {
    listening = true;
    if (kept.size() > 0) {
      machine.accept(kept.toByteArray());
      kept.reset();
    }
  }

  /** Any thread but the machine's. */
  synchronized void type(byte[] bytes) {
    try {
      while (under > 0 && under + bytes.length > MOST) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    under += bytes.length;
    if (listening) {
      machine.accept(bytes);
    } else {
      kept.writeBytes(bytes);
    }
  }

  /** The line took so many bytes. */
  synchronized void taken(int bytes) {
    under = Math.max(0, under - bytes); // a replay has inputs that nobody typed here
    notifyAll();
  }

  /** Bytes that nobody took. */
  synchronized long unread() {
    return under;
  }
}
