// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.function.IntConsumer;

/** Port: the console of one domain, where what serves it and what shows it meet. */
final class ConsolePort {
  private static final int KEPT = 1 << 16;

  /** The last bytes; null before there is one: most domains write elsewhere. */
  private byte[] kept;
  private long written;
  /** Who shows it, or null. */
  IntConsumer sink;
  /** Who shows it beside. */
  IntConsumer[] followers = {};
  /** Who takes what is typed, or null. */
  ConsolesPort.Input input;

  /** The domain wrote a byte. */
  void write(byte b) {
    if (kept == null) {
      kept = new byte[KEPT];
    }
    kept[(int) (written++ % KEPT)] = b;
    if (sink != null) {
      sink.accept(b & 0xFF);
    }
    for (IntConsumer follower : followers) {
      follower.accept(b & 0xFF);
    }
  }

  /** The last bytes, at most 64 KiB. */
  byte[] kept() {
    int count = (int) Math.min(written, KEPT);
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = kept[(int) ((written - count + i) % KEPT)];
    }
    return bytes;
  }
}
