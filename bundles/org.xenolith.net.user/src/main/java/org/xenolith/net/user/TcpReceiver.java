// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;

/**
 * The direction from the guest to outside: bytes in order are taken, written as far as the outside takes them, and acknowledged when all
 * frames that came together were looked at. Its window is the room that is left, so that the guest waits for who reads slowly outside.
 * What comes out of order is dropped and comes again: on this link that is rare.
 */
final class TcpReceiver {
  /** Most bytes that wait for the outside. */
  static final int ROOM = 512 << 10;
  private static final int MOST_WINDOW = 0xFFFF;

  private final ByteRing ring;
  private int next;
  /** The first number behind the furthest window that was said. */
  private int edge;
  private int scale;
  private boolean ended;
  private boolean due;

  TcpReceiver(ByteRing.Budget budget) {
    ring = new ByteRing(budget, ROOM);
  }

  /** The guest's SYN came. */
  void begin(TcpSegment synchronize) {
    next = synchronize.sequence + 1;
    edge = next;
    scale = synchronize.scale < 0 ? 0 : TcpWriter.SCALE;
  }

  /** The next number that is expected. */
  int next() {
    return next;
  }

  /** The window to be said, scaled. What was said once isn't taken back. */
  int window() {
    int window = Math.max(ring.free(), edge - next);
    return Math.min(window >>> scale, MOST_WINDOW);
  }

  /** The window of a SYN, never scaled. */
  int firstWindow() {
    edge = next + MOST_WINDOW;
    return MOST_WINDOW;
  }

  /**
   * A segment with {@link #next} and {@link #window} was sent. A scaled window is rounded down, so that one said later may end before one
   * said earlier; the guest may fill the earlier one all the same (RFC 7323 2.4), and what isn't taken of that has all behind it be lost.
   */
  void said() {
    int now = next + (window() << scale);
    edge = now - edge > 0 ? now : edge;
    due = false;
  }

  /** Whether a segment is in the window, at least in part (RFC 9293 3.10.7.4). */
  boolean accepts(TcpSegment segment) {
    int length = segment.sequenceLength();
    int first = segment.sequence - next;
    int room = Math.max(edge - next, 0);
    if (length == 0) {
      return first == 0 || first > 0 && first < room;
    }
    return first < room && first + length > 0;
  }

  /** Takes the bytes of a segment that is in the window. @return false if an acknowledgement is due at once, as something is missing */
  boolean take(TcpSegment segment) {
    int skip = next - segment.sequence;
    if (skip < 0) {
      return false;
    }
    int fresh = segment.length - skip;
    int taken = 0;
    if (fresh > 0 && !ended) {
      taken = ring.put(segment.bytes, segment.data + skip, Math.min(fresh, Math.max(edge - next, 0)));
      next += taken;
    }
    due |= segment.sequenceLength() > 0;
    if (segment.has(TcpSegment.FIN) && !ended && taken == Math.max(fresh, 0)) {
      ended = true;
      next++;
    }
    return true;
  }

  /** Whether the guest has sent its last byte. */
  boolean ended() {
    return ended;
  }

  /** Whether all that the guest has sent is written. */
  boolean empty() {
    return ring.size() == 0;
  }

  void due() {
    due = true;
  }

  /** Whether something is to be acknowledged, or the window grew by so much that the guest must know (RFC 9293 3.8.6.2.2). */
  boolean isDue() {
    return due || !ended && next + ring.free() - edge >= ROOM / 2 && edge - next < ROOM / 16;
  }

  /** Writes what the outside takes. */
  void drain(Outside.Stream stream) throws IOException {
    ring.drain(stream);
  }

  void release() {
    ring.release();
  }
}
