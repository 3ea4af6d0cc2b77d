// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;

/**
 * The direction from outside to the guest: bytes are read as far as there is room, sent as far as the guest's window and the congestion
 * window (RFC 5681, RFC 6582) allow, and kept until they are acknowledged. Frames are lost only where the guest's card has no buffer for
 * them, so that the congestion window finds out how many it has.
 *
 * <p>Timers (RFC 6298) are of the host's clock while the guest lives in its own, which may be far slower: they are patient, and there is
 * no number of times after which a guest is given up.
 */
final class TcpSender {
  /** Most bytes on their way and waiting. */
  static final int ROOM = 512 << 10;
  static final long LEAST_TIMEOUT = 3_000_000_000L;
  private static final long MOST_TIMEOUT = 60_000_000_000L;
  private static final int FIRST_SEGMENTS = 10;
  /** Segments on their way at most: half of what a card's queue usually has, the rest is for others. */
  private static final int MOST_SEGMENTS = 160;
  private static final int DUPLICATES = 3;
  private static final int MOST_AT_ONCE = 0xFFFF - InternetProtocol.IPV6_HEADER - InternetProtocol.TCP_HEADER;

  final ByteRing ring;
  private final TcpWriter writer;
  private final TcpFlow flow;
  private final FrameOut out;
  private final TcpReceiver receiver;
  private int size = 536;
  private int scale;
  /** The first number not acknowledged, the next to be sent, and the next never sent. */
  private int unacknowledged;
  private int next;
  private int highest;
  private long window;
  private int windowSequence;
  private int windowAcknowledged;
  private long congestion;
  private long threshold = Long.MAX_VALUE;
  private int duplicates;
  private boolean recovering;
  private int recoverTo;

  private long timeout = LEAST_TIMEOUT;
  private long smoothed = -1;
  private long variation;
  private long expires = Long.MAX_VALUE;
  private int timed;
  private long timedAt = -1;

  /** Whether the outside has sent its last byte; the FIN has the number after it. */
  private boolean ended;
  private boolean endSent;
  private boolean endAcknowledged;
  private long again;
  private final boolean many;

  /** @param first the number of our SYN */
  TcpSender(TcpFlow flow, TcpWriter writer, FrameOut out, TcpReceiver receiver, ByteRing.Budget budget, int first) {
    many = out.takesMany();
    this.flow = flow;
    this.writer = writer;
    this.out = out;
    this.receiver = receiver;
    ring = new ByteRing(budget, ROOM);
    unacknowledged = first;
    next = first;
    highest = first;
  }

  /** The guest's SYN came: what it takes. */
  void peer(TcpSegment synchronize) {
    size = Math.min(synchronize.maximum, TcpWriter.maximum(flow.guest().isFour()));
    scale = Math.max(synchronize.scale, 0);
    congestion = (long) FIRST_SEGMENTS * size;
    window = synchronize.window;
    windowSequence = synchronize.sequence;
    windowAcknowledged = synchronize.acknowledged;
  }

  /** Our SYN was acknowledged: bytes begin here. */
  void begin(int first) {
    unacknowledged = first;
    next = first;
    highest = first;
    timeout = LEAST_TIMEOUT;
  }

  int next() {
    return next;
  }

  /** Whether a number acknowledges something that was sent, or nothing new. */
  boolean mayAcknowledge(int number) {
    return number - unacknowledged >= 0 && number - highest <= 0;
  }

  /** Whether all of ours and the end was acknowledged. */
  boolean done() {
    return endAcknowledged;
  }

  boolean ended() {
    return ended;
  }

  /** Nothing comes any more from outside. */
  void end() {
    ended = true;
  }

  private int inFlight() {
    return next - unacknowledged;
  }

  /** An acknowledgement with a number that {@link #mayAcknowledge}. */
  void acknowledge(TcpSegment segment, long now) {
    int count = segment.acknowledged - unacknowledged;
    long before = window;
    if (segment.sequence - windowSequence > 0 || segment.sequence == windowSequence && segment.acknowledged - windowAcknowledged >= 0) {
      window = (long) segment.window << scale;
      windowSequence = segment.sequence;
      windowAcknowledged = segment.acknowledged;
    }
    if (count > 0) {
      acknowledged(segment.acknowledged, count, now);
    } else if (segment.length == 0 && !segment.has(TcpSegment.FIN) && highest != unacknowledged && window == before && window > 0) {
      duplicates++;
      if (duplicates == DUPLICATES && !recovering) {
        // Fast retransmit: the one that is missing, and half the speed from here on.
        threshold = Math.max(inFlight() / 2, 2L * size);
        congestion = threshold;
        recovering = true;
        recoverTo = highest;
        sendAgain(now);
      }
    }
  }

  private void acknowledged(int number, int count, long now) {
    endAcknowledged |= endSent && count > ring.size();
    ring.drop(Math.min(count, ring.size()));
    unacknowledged = number;
    if (next - unacknowledged < 0) {
      next = unacknowledged;
    }
    duplicates = 0;
    if (timedAt >= 0 && number - timed > 0) {
      measured(now - timedAt);
      timedAt = -1;
    }
    if (recovering) {
      if (number - recoverTo >= 0) {
        recovering = false;
      } else {
        sendAgain(now);
      }
    } else if (congestion < threshold) {
      congestion += count;
    } else {
      congestion += Math.max(1, (long) size * size / congestion);
    }
    congestion = Math.min(congestion, (long) MOST_SEGMENTS * size);
    expires = unacknowledged == highest ? Long.MAX_VALUE : now + timeout;
  }

  /** RFC 6298 2.2 and 2.3, with a least value of seconds. */
  private void measured(long time) {
    if (smoothed < 0) {
      smoothed = time;
      variation = time / 2;
    } else {
      variation = (3 * variation + Math.abs(smoothed - time)) / 4;
      smoothed = (7 * smoothed + time) / 8;
    }
    timeout = Math.clamp(smoothed + 4 * variation, LEAST_TIMEOUT, MOST_TIMEOUT);
  }

  /** Sends the first that isn't acknowledged once more. */
  private void sendAgain(long now) {
    int length = Math.min(size, ring.size());
    boolean fin = endSent && length == ring.size();
    if (length > 0 || fin) {
      again++;
      timedAt = -1;
      send(unacknowledged, length, fin);
      expires = now + timeout;
    }
  }

  private void send(int sequence, int length, boolean fin) {
    int from = sequence - unacknowledged;
    boolean last = from + length == ring.size();
    int flags = TcpSegment.ACK | (last && length > 0 ? TcpSegment.PSH : 0) | (fin ? TcpSegment.FIN : 0);
    writer.send(flow, sequence, receiver.next(), flags, receiver.window(), ring, from, length, size);
    receiver.said();
  }

  /** Reads and sends as much as goes. */
  void pump(Outside.Stream stream, long now) throws IOException {
    while (out.ready()) {
      boolean read = false;
      if (wantsMore()) {
        int count = ring.fill(stream);
        ended = count < 0;
        read = count > 0;
      }
      if (!sendNew(now) && !read) {
        return;
      }
    }
  }

  /** Whether the stream is to tell when there is more to read: not while half of the room has what isn't sent yet. */
  boolean wantsMore() {
    return !ended && out.ready() && ring.free() > 0 && ring.size() - inFlight() < ROOM / 2;
  }

  /** Bytes that go in one frame: as many segments as an IP packet takes, if the link has others make single ones of it. */
  private int atOnce() {
    return many ? (MOST_AT_ONCE / size) * size : size;
  }

  /** Sends what the windows allow. @return whether there was something */
  private boolean sendNew(long now) {
    boolean sent = false;
    while (out.ready() && !endAcknowledged) {
      // Bytes that aren't sent; one less than none when the FIN is, too.
      int waiting = ring.size() - inFlight();
      int allowed = (int) Math.max(Math.min(window, congestion) - inFlight(), 0);
      int length = Math.min(Math.min(atOnce(), waiting), allowed);
      // Whole segments, as long as there are some.
      length = length > size && length < waiting ? length - length % size : length;
      boolean fin = ended && length == waiting;
      // Silly windows (RFC 9293 3.8.6.2.1): a segment is full, or has all there is, or nothing is on its way.
      if (waiting < 0 || length == 0 && !fin || length < size && length < waiting && inFlight() > 0) {
        if (waiting > 0 && inFlight() == 0 && expires == Long.MAX_VALUE) {
          // The window is closed, and nothing on its way would tell that it opens (RFC 9293 3.8.6.1).
          expires = now + timeout;
        }
        return sent;
      }
      send(next, length, fin);
      endSent |= fin;
      if (next - highest < 0) {
        again++;
      } else if (timedAt < 0) {
        timed = next;
        timedAt = now;
      }
      next += length + (fin ? 1 : 0);
      highest = next - highest > 0 ? next : highest;
      expires = expires == Long.MAX_VALUE ? now + timeout : expires;
      sent = true;
    }
    return sent;
  }

  /** The host's clock: what wasn't acknowledged for long is sent again. */
  void tick(long now) {
    if (expires == Long.MAX_VALUE || now - expires < 0 || !out.ready()) {
      return;
    }
    timeout = Math.min(timeout * 2, MOST_TIMEOUT);
    expires = now + timeout;
    timedAt = -1;
    if (window == 0 && ring.size() > 0) {
      // A byte that the guest can't take has it say what its window is.
      send(unacknowledged, 1, false);
      highest = highest == unacknowledged ? highest + 1 : highest;
    } else {
      threshold = Math.max(inFlight() / 2, 2L * size);
      congestion = size;
      recovering = false;
      duplicates = 0;
      next = unacknowledged;
      sendNew(now);
    }
  }

  /** Segments that were sent more than once. */
  long again() {
    return again;
  }
}
