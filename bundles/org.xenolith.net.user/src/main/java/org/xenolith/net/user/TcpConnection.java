// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;

/**
 * A connection between a guest and the outside, ended here for both: two streams that are each controlled by themselves (RFC 9293). A
 * guest that connects hears of it when the outside is connected, or that it was refused there.
 */
final class TcpConnection implements Outside.StreamEvents {
  /** Where it is in its life. */
  enum State {
    /** The guest has asked, the outside is being connected. */
    CONNECTING,
    /** The outside has asked, the guest is being connected. */
    ASKING,
    /** The guest has heard that it is connected, and hasn't said that it knows. */
    ANSWERED,
    /** Both are connected; each may have ended its direction. */
    OPEN,
    /** All is over; that the guest may not have heard so is why this is kept for a while. */
    TIME_WAIT,
    /** Gone. */
    CLOSED
  }

  /** Two maximum segment lifetimes of ours: the host's clock may be far slower than the guest's. */
  private static final long WAIT = 60_000_000_000L;

  private static final long FIRST_ASKING = 1_000_000_000L;
  private static final long MOST_ASKING = 8_000_000_000L;
  /** Five minutes of asking, in which a guest may have booted. */
  private static final int MOST_ASKED = 40;

  private final TcpFlow flow;
  private final TcpWriter writer;
  private final TcpReceiver receiver;
  private final TcpSender sender;
  private final int first;
  private State state;
  private Outside.Stream stream;
  private boolean scaled;
  private boolean outputEnded;
  private long now;
  private long active;
  private long asksAgain = Long.MAX_VALUE;
  private long askTimeout = FIRST_ASKING;
  private int asked;
  private long forgotten = Long.MAX_VALUE;

  /** @param first the number of our SYN, which nobody may guess (RFC 6528) */
  TcpConnection(TcpFlow flow, TcpWriter writer, FrameOut out, ByteRing.Budget budget, State state, int first) {
    this.flow = flow;
    this.writer = writer;
    this.state = state;
    this.first = first;
    receiver = new TcpReceiver(budget);
    sender = new TcpSender(flow, writer, out, receiver, budget, first);
  }

  TcpFlow flow() {
    return flow;
  }

  State state() {
    return state;
  }

  boolean isClosed() { return state == State.CLOSED; }

  /** Whether somebody is connected or asks to be. */
  boolean isLive() { return state != State.CLOSED && state != State.TIME_WAIT; }

  /** What it is connected to outside. */
  void stream(Outside.Stream newStream) {
    stream = newStream;
  }

  /** When something of it was seen last. */
  long active() {
    return active;
  }

  void time(long newNow) {
    now = newNow;
  }

  // ---- the outside

  @Override
  public void connected() {
    if (state == State.CONNECTING) {
      state = State.ANSWERED;
      ask();
    }
  }

  @Override
  public void failed(boolean refused) {
    if (state == State.CONNECTING) {
      writer.send(flow, 0, receiver.next(), TcpSegment.RST | TcpSegment.ACK, 0);
      close(false);
    }
  }

  @Override
  public void ready() {
    active = now;
    if (state == State.OPEN) {
      pump();
    }
  }

  /** Has the guest asked, for who connects from outside; or answers the guest's asking. */
  void ask() {
    boolean answer = state == State.ANSWERED;
    int flags = TcpSegment.SYN | (answer ? TcpSegment.ACK : 0);
    writer.synchronize(flow, first, answer ? receiver.next() : 0, flags, receiver.firstWindow(), !answer || scaled);
    asksAgain = now + askTimeout;
  }

  // ---- the guest

  /** The guest's SYN that began this. */
  void begin(TcpSegment segment) {
    active = now;
    scaled = segment.scale >= 0;
    receiver.begin(segment);
    sender.peer(segment);
  }

  /** A segment of the guest with a right checksum. */
  void take(TcpSegment segment) {
    active = now;
    switch (state) {
      case CONNECTING -> {
        if (segment.has(TcpSegment.RST) && segment.sequence == receiver.next()) {
          close(true);
        }
      }
      case ASKING -> answered(segment);
      case ANSWERED, OPEN -> synchronizedSegment(segment);
      case TIME_WAIT -> {
        if (segment.has(TcpSegment.FIN)) {
          acknowledge();
        }
      }
      case CLOSED -> {
      }
    }
  }

  /** The guest answers the outside's asking (RFC 9293 3.10.7.3). */
  private void answered(TcpSegment segment) {
    if (!segment.has(TcpSegment.ACK) || segment.acknowledged != first + 1) {
      return;
    }
    if (segment.has(TcpSegment.RST)) {
      close(true);
    } else if (segment.has(TcpSegment.SYN)) {
      begin(segment);
      open();
      acknowledge();
      pump();
    }
  }

  private void open() {
    state = State.OPEN;
    asksAgain = Long.MAX_VALUE;
    sender.begin(first + 1);
  }

  /** RFC 9293 3.10.7.4, with the answers of RFC 5961 to who may be guessing. */
  private void synchronizedSegment(TcpSegment segment) {
    if (segment.has(TcpSegment.RST)) {
      if (segment.sequence == receiver.next()) {
        close(true);
      } else if (receiver.accepts(segment)) {
        acknowledge();
      }
      return;
    }
    if (segment.has(TcpSegment.SYN)) {
      if (state == State.ANSWERED && segment.sequence + 1 == receiver.next()) {
        ask();
      } else {
        acknowledge();
      }
      return;
    }
    if (!segment.has(TcpSegment.ACK)) {
      return;
    }
    if (state == State.ANSWERED) {
      if (segment.acknowledged != first + 1) {
        writer.send(flow, segment.acknowledged, 0, TcpSegment.RST, 0);
        return;
      }
      open();
      sender.acknowledge(segment, now);
    } else if (!sender.mayAcknowledge(segment.acknowledged)) {
      // Of old ones nothing is new; one of what was never sent is answered.
      if (segment.acknowledged - sender.next() > 0) {
        acknowledge();
        return;
      }
    } else if (receiver.accepts(segment) || segment.length == 0) {
      sender.acknowledge(segment, now);
    }
    if (!receiver.accepts(segment) || !receiver.take(segment)) {
      acknowledge();
    }
  }

  private void acknowledge() {
    writer.send(flow, sender.next(), receiver.next(), TcpSegment.ACK, receiver.window());
    receiver.said();
  }

  // ---- both

  /** Moves bytes in both directions as far as they go, and says what is to be said. */
  void pump() {
    if (state != State.OPEN || stream == null) {
      return;
    }
    try {
      receiver.drain(stream);
      if (receiver.ended() && receiver.empty() && !outputEnded) {
        outputEnded = true;
        stream.endOutput();
      }
      sender.pump(stream, now);
    } catch (IOException e) {
      // The other side was reset, or is gone: so it is for the guest.
      reset();
      return;
    }
    if (receiver.isDue()) {
      acknowledge();
    }
    if (sender.done() && outputEnded) {
      over();
    } else {
      stream.want(sender.wantsMore(), !receiver.empty());
    }
  }

  private void over() {
    if (stream != null) {
      stream.close(false);
      stream = null;
    }
    release();
    state = State.TIME_WAIT;
    forgotten = now + WAIT;
  }

  /** Has both sides see a reset. */
  void reset() {
    if (state == State.OPEN || state == State.ANSWERED) {
      writer.send(flow, sender.next(), receiver.next(), TcpSegment.RST | TcpSegment.ACK, 0);
    }
    close(true);
  }

  /** Forgets it, whatever it was; who is connected outside sees a reset. */
  void drop() {
    close(true);
  }

  private void close(boolean abort) {
    state = State.CLOSED;
    if (stream != null) {
      stream.close(abort);
      stream = null;
    }
    release();
  }

  private void release() {
    receiver.release();
    sender.ring.release();
  }

  /** The host's clock. */
  void tick() {
    if (asksAgain != Long.MAX_VALUE && now - asksAgain >= 0) {
      if (++asked > MOST_ASKED) {
        close(true);
        return;
      }
      askTimeout = Math.min(askTimeout * 2, MOST_ASKING);
      ask();
    }
    if (state == State.OPEN) {
      sender.tick(now);
    }
    if (forgotten != Long.MAX_VALUE && now - forgotten >= 0) {
      close(false);
    }
  }

  /** Segments that were sent to the guest more than once. */
  long again() {
    return sender.again();
  }
}
