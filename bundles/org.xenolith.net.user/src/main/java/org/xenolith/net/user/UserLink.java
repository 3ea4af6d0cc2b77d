// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.command.api.HostReason;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.Offload;
import org.xenolith.net.api.OutsideLink;

/**
 * One card's way to the outside: a thread that waits for frames, sockets and the clock, and drives a {@link UserGateway}. Frames from the
 * machine wait in a bounded queue; those to it wait here while it has no room, and so does all that would become frames.
 */
final class UserLink implements OutsideLink, FrameOut {
  /** Bytes of frames from the machine that may wait; what is beyond is dropped, and its sender sends it again. */
  private static final int MOST_WAITING = 8 << 20;
  private static final int MOST_PENDING = 1 << 20;
  private static final long TICK = 250;
  private static final long RETRY = 20;
  private static final long HOUR = 3_600_000;

  /** A frame that waits, with the work that is left to do. */
  private record Frame(byte[] bytes, int offload, int payload) {}

  private final FrameReceiver machine;
  private final SocketOutside sockets;
  private final UserGateway gateway;
  private final Thread thread;

  /** Frames from the machine, and work for the thread; under this object's lock. */
  private ArrayDeque<Frame> frames = new ArrayDeque<>();
  private ArrayDeque<Frame> spare = new ArrayDeque<>();
  private int waitingBytes;
  private final List<Runnable> work = new ArrayList<>();
  private volatile boolean asleep;
  private volatile boolean closed;
  private volatile boolean busy;
  private long droppedOfMachine;
  private volatile long droppedToMachine;
  private volatile int connections;
  private volatile long again;

  /** Frames to the machine that it had no room for; of the thread only. */
  private final ArrayDeque<Frame> pending = new ArrayDeque<>();
  private int pendingBytes;

  UserLink(UserSettings settings, FrameReceiver machine) throws IOException {
    this.machine = machine;
    sockets = new SocketOutside(this::later);
    gateway = new UserGateway(settings.policy(), settings.six(), sockets, this, System.nanoTime());
    try {
      for (ForwardRule rule : settings.forwards()) {
        forward(rule);
      }
    } catch (IOException e) {
      sockets.close();
      throw e;
    }
    thread = Thread.ofPlatform().daemon().name("xenolith-net-user").unstarted(this::run);
    thread.start();
  }

  private void forward(ForwardRule rule) throws IOException {
    try {
      if (rule.datagrams()) {
        ForwardedDatagrams port = gateway.forward(rule.guest(), rule.guestPort());
        port.from(sockets.datagrams(rule.at(), port));
      } else {
        sockets.listen(rule.at(), (stream, client) -> accept(rule, stream, client));
      }
    } catch (IOException e) {
      throw new IOException("user: forward " + rule.text() + ": the host's port " + rule.at().getPort() + " can't be had ("
          + HostReason.of(e).text() + "); name another, or see with ss -lnp who has it", e);
    }
  }

  private Outside.StreamEvents accept(ForwardRule rule, Outside.Stream stream, InetSocketAddress client) {
    return gateway.accept(stream, client.getAddress(), client.getPort(), rule.guest(), rule.guestPort());
  }

  // ---- for the machine, on any thread

  @Override
  public void send(byte[] bytes, int offset, int length) {
    send(bytes, offset, length, 0, 0);
  }

  @Override
  public int offloads() {
    return Offload.CHECKSUM | Offload.CHECKSUM6 | Offload.TCP4 | Offload.TCP6;
  }

  @Override
  public void send(byte[] bytes, int offset, int length, int offload, int payload) {
    synchronized (this) {
      if (closed || waitingBytes + length > MOST_WAITING) {
        droppedOfMachine++;
        return;
      }
      frames.add(new Frame(Arrays.copyOfRange(bytes, offset, offset + length), offload, payload));
      waitingBytes += length;
    }
    wake();
  }

  @Override
  public synchronized long dropped() {
    return droppedOfMachine + droppedToMachine;
  }

  @Override
  public String peer() {
    return "the host's sockets, " + connections + " connections" + (again == 0 ? "" : ", " + again + " segments sent again");
  }

  /** The machine has room again. */
  @Override
  public void room() {
    wake();
  }

  @Override
  public boolean busy() {
    // While the thread is awake it is looking at something that may be a question.
    return busy || !asleep;
  }

  private void later(Runnable task) {
    synchronized (this) {
      work.add(task);
    }
    wake();
  }

  private void wake() {
    boolean was;
    synchronized (this) {
      was = asleep;
      asleep = false;
    }
    if (was) {
      sockets.wakeup();
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      asleep = false;
    }
    sockets.wakeup();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- for the gateway, on the thread

  @Override
  public void frame(byte[] bytes, int length, int offload, int payload) {
    if (pending.isEmpty() && machine.frame(bytes, 0, length, offload, payload)) {
      return;
    }
    if (pendingBytes + length <= MOST_PENDING) {
      pending.add(new Frame(Arrays.copyOf(bytes, length), offload, payload));
      pendingBytes += length;
    } else {
      droppedToMachine++;
    }
  }

  @Override
  public boolean ready() {
    return pending.isEmpty();
  }

  private void run() {
    gateway.time(System.nanoTime());
    gateway.advertise();
    while (!closed) {
      try {
        turn();
      } catch (IOException | RuntimeException e) {
        // No frame and no socket is to do this; if one does, the rest goes on.
        System.getLogger(UserLink.class.getName()).log(System.Logger.Level.WARNING, "user", e);
      }
    }
    gateway.close();
    sockets.close();
  }

  private void turn() throws IOException {
    gateway.time(System.nanoTime());
    for (Frame frame : taken()) {
      gateway.receive(frame.bytes, 0, frame.bytes.length, frame.offload);
    }
    spare.clear();
    gateway.settle();
    if (!pending.isEmpty() && drained()) {
      gateway.room();
    }
    gateway.tick();
    busy = gateway.busy();
    connections = gateway.connections();
    again = gateway.again();
    sockets.select(sleep());
    gateway.time(System.nanoTime());
  }

  /** The frames that have come, after the work of others is done. */
  private ArrayDeque<Frame> taken() {
    List<Runnable> tasks;
    synchronized (this) {
      asleep = false;
      tasks = work.isEmpty() ? List.of() : List.copyOf(work);
      work.clear();
      ArrayDeque<Frame> come = frames;
      frames = spare;
      spare = come;
      waitingBytes = 0;
    }
    tasks.forEach(Runnable::run);
    return spare;
  }

  private boolean drained() {
    for (Frame frame = pending.peek(); frame != null; frame = pending.peek()) {
      if (!machine.frame(frame.bytes, 0, frame.bytes.length, frame.offload, frame.payload)) {
        return false;
      }
      pending.poll();
      pendingBytes -= frame.bytes.length;
    }
    return true;
  }

  /** How long to wait, in milliseconds; 0 if there is something to do. */
  private synchronized long sleep() {
    if (!frames.isEmpty() || !work.isEmpty() || closed) {
      return 0;
    }
    asleep = true;
    return pending.isEmpty() ? gateway.waiting() ? TICK : HOUR : RETRY;
  }
}
