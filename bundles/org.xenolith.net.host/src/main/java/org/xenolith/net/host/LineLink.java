// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.xenolith.command.api.HostReason;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.OutsideLink;

/** A card's way through a {@link FrameLine}: a thread that reads, one that writes, and a bounded queue between them and the machine. */
final class LineLink implements OutsideLink {
  /** Bytes of frames from the machine that may wait. */
  private static final int MOST_WAITING = 4 << 20;
  /** Milliseconds after which a frame is offered again whatever was heard. */
  private static final long RETRY = 20;
  private static final long END = 2000;

  private final String name;
  private final FrameLine line;
  private final FrameReceiver machine;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private final Thread reader;
  private final Thread writer;
  private int bytes;
  private long dropped;
  private boolean connected;
  private boolean closed;
  private String peer = "nobody yet";

  /** @param name for messages: the word and its place */
  LineLink(String name, FrameLine line, FrameReceiver machine) {
    this.name = name;
    this.line = line;
    this.machine = machine;
    reader = Thread.ofPlatform().daemon().name(name + " in").start(this::in);
    writer = Thread.ofPlatform().daemon().name(name + " out").start(this::out);
  }

  @Override
  public synchronized void send(byte[] frame, int offset, int length) {
    if (!connected || closed || this.bytes + length > MOST_WAITING) {
      dropped++;
      return;
    }
    waiting.add(Arrays.copyOfRange(frame, offset, offset + length));
    bytes += length;
    notifyAll();
  }

  @Override
  public synchronized boolean busy() {
    return connected;
  }

  @Override
  public synchronized void room() {
    notifyAll();
  }

  @Override
  public synchronized long dropped() {
    return dropped;
  }

  @Override
  public synchronized String peer() {
    return peer;
  }

  private void in() {
    byte[] frame = new byte[EthernetPort.MOST];
    for (boolean more = true; more;) {
      String end;
      try {
        begin(line.open());
        for (int length = line.read(frame); length >= 0; length = line.read(frame)) {
          deliver(frame, length);
        }
        end = "the peer is gone";
      } catch (IOException e) {
        end = HostReason.of(e).text();
      } catch (InterruptedException e) {
        end = "its thread was interrupted";
      }
      more = ended(end) && line.left();
    }
  }

  private synchronized void begin(String newPeer) {
    peer = newPeer;
    connected = true;
  }

  private synchronized void deliver(byte[] frame, int length) throws InterruptedException {
    while (!closed && !machine.frame(frame, 0, length)) {
      wait(RETRY);
    }
  }

  /** Says that a peer is gone. @return whether another one is wanted */
  private boolean ended(String why) {
    boolean wanted;
    synchronized (this) {
      wanted = !closed;
      connected = false;
      waiting.clear();
      bytes = 0;
      peer = "nobody";
    }
    if (wanted) {
      machine.say(name + ": " + why);
    }
    return wanted;
  }

  private void out() {
    try {
      for (byte[] frame = next(); frame != null; frame = next()) {
        try {
          line.write(frame);
        } catch (IOException e) {
          // Who reads hears that the peer is gone, too, and says so.
          synchronized (this) {
            dropped++;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized byte[] next() throws InterruptedException {
    while (!closed && waiting.isEmpty()) {
      wait();
    }
    byte[] frame = closed ? null : waiting.poll();
    bytes -= frame == null ? 0 : frame.length;
    return frame;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      connected = false;
      notifyAll();
    }
    line.close();
    try {
      reader.join(END);
      writer.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
