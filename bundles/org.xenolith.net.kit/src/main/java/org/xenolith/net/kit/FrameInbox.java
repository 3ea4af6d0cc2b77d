// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import java.util.function.Consumer;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.FrameReceiver;

/**
 * Frames on their way into a machine, in a bounded amount: the first is brought at once, those that come while it isn't taken follow it
 * together. Any thread.
 */
public final class FrameInbox implements FrameReceiver {
  /** Most bytes that wait. */
  static final int CAPACITY = 1 << 20;

  private final Consumer<byte[]> bring;
  private final Runnable room;
  private final Consumer<String> messages;
  private final FrameBatch waiting = new FrameBatch();
  /** Bytes that were brought and aren't taken yet. */
  private int brought;
  private boolean refused;
  private boolean closed;

  /**
   * An empty one.
   *
   * @param bring brings a {@link FrameBatch} to the machine; doesn't wait
   * @param room  called when there is room again after none was
   * @param messages  hears what who runs the machine should know
   */
  public FrameInbox(Consumer<byte[]> bring, Runnable room, Consumer<String> messages) {
    this.bring = bring;
    this.room = room;
    this.messages = messages;
  }

  @Override
  public boolean frame(byte[] bytes, int offset, int length) {
    return frame(bytes, offset, length, 0, 0);
  }

  @Override
  public synchronized boolean frame(byte[] bytes, int offset, int length, int offload, int payload) {
    if (length < EthernetPort.HEADER || length > EthernetPort.MOST || closed) {
      return true;
    }
    if (brought + waiting.length() + length > CAPACITY) {
      refused = true;
      return false;
    }
    waiting.add(bytes, offset, length, offload, payload);
    next();
    return true;
  }

  private void next() {
    if (brought == 0 && waiting.length() > 0) {
      brought = waiting.length();
      bring.accept(waiting.take());
    }
  }

  /** The machine has taken so many bytes of what was brought. */
  public void taken(int bytes) {
    synchronized (this) {
      brought = Math.max(0, brought - bytes);
      next();
      if (!refused || brought + waiting.length() > CAPACITY / 2) {
        return;
      }
      refused = false;
    }
    room.run();
  }

  /** Nothing comes in any more; what comes is dropped. */
  public synchronized void close() {
    closed = true;
    waiting.take();
  }

  @Override
  public void say(String text) {
    messages.accept(text);
  }
}
