// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.debug.kit.DebuggerProtocol.Conversation;
import org.xenolith.machine.control.Machine;

/**
 * One debugger's connection. A thread reads; another one has the conversation, and does what is about the machine while that is halted, by {@code RunControl.look}. The debugger may be gone at any
 * moment.
 */
final class DebuggerConnection implements DebuggerProtocol.Runs {
  private static final int CHUNK = 1 << 14;
  private static final long PATIENCE_MILLISECONDS = 1000;

  /** What the conversation goes on with. */
  private sealed interface Event {
    /** Something came. @param what is to be done about it */
    record Came(DebuggerProtocol.Reaction what) implements Event {}

    /** The machine is halted. */
    record Halted() implements Event {}

    /** The debugger is gone. */
    record Gone() implements Event {}

    /** The bundle goes, and the machine doesn't. */
    record Left() implements Event {}

    /** The machine's life ends. @param status of the guest */
    record Ended(int status) implements Event {}
  }

  /** How it ends. */
  private enum End { LOST, REFUSED, DETACHED, LEFT, KILLED, ENDED }

  private final Socket socket;
  private final String peer;
  private final DebuggerPort port;
  private final Machine machine;
  private final HaltedMachine halted;
  private final Consumer<String> people;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Conversation conversation;
  private final Thread reader;
  private final Thread talker;
  private volatile boolean open = true;
  /** The debugger's end is closed: nobody waits for an answer. */
  private volatile boolean gone;
  /** Something came of it. */
  private volatile boolean spoken;
  private @Nullable End end;
  private String refused = "";

  DebuggerConnection(Socket socket, DebuggerPort port, Machine machine, HaltedMachine halted, DebuggerProtocol protocol, Consumer<
      String> people) {
    this.socket = socket;
    this.port = port;
    this.machine = machine;
    this.halted = halted;
    this.people = people;
    peer = peer(socket);
    conversation = protocol.begin(this, out::writeBytes);
    talker = Thread.ofPlatform().daemon().name(port.option() + " conversation").unstarted(this::converse);
    reader = Thread.ofPlatform().daemon().name(port.option() + " reader").unstarted(this::read);
  }

  /** Address and port of one. */
  static String peer(Socket client) {
    InetSocketAddress address = (InetSocketAddress) client.getRemoteSocketAddress();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  String peer() {
    return peer;
  }

  boolean open() {
    return open;
  }

  void begin() {
    talker.start();
    reader.start();
  }

  void halted() {
    events.add(new Event.Halted());
  }

  /** Lets another one have the machine, unless it has said something: who only looks whether somebody is there is in nobody's way. Returns whether it does. */
  boolean giveWay() {
    if (!spoken) {
      shut();
    }
    return !spoken;
  }

  /** The bundle goes: the debugger is told, and the machine goes on. Nobody waits for that, as it may be the machine that the bundle waits for. */
  void leave() {
    events.add(new Event.Left());
  }

  /** The machine's life ends: the debugger is told. */
  void close(int status) {
    events.add(new Event.Ended(status));
    boolean interrupted = Thread.interrupted();
    try {
      talker.join(PATIENCE_MILLISECONDS);
      talker.interrupt();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    shut();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void shut() {
    open = false;
    try {
      socket.close();
    } catch (IOException e) {
      // Nobody is there any more.
    }
  }

  private void read() {
    byte[] bytes = new byte[CHUNK];
    try {
      socket.setTcpNoDelay(true);
      for (int count; (count = socket.getInputStream().read(bytes)) >= 0;) {
        spoken = true;
        conversation.read(bytes, count, what -> events.add(new Event.Came(what)));
      }
    } catch (IOException e) {
      // The same as its end.
    }
    gone = true;
    conversation.gone();
    events.add(new Event.Gone());
    halted.lost();
  }

  private void converse() {
    try {
      Event first = events.take();
      while (first instanceof Event.Halted) {
        first = events.take();
      }
      // Who says nothing halts nothing.
      if (first instanceof Event.Came) {
        if (halted.halt(() -> gone)) {
          // That is no news for who has asked for it.
          events.removeIf(Event.Halted.class::isInstance);
          debug(first);
        } else if (!port.haltOnLoss()) {
          halted.go();
        }
      }
    } catch (InterruptedException | IllegalStateException e) {
      // The machine's life, or its run, ends.
    } finally {
      shut();
    }
  }

  private void debug(Event first) throws InterruptedException {
    halted.look(conversation::begin);
    people.accept("a debugger at " + peer + " is connected, and the machine halted");
    for (Event event = first; end == null; event = end == null ? events.take() : event) {
      switch (event) {
        case Event.Came came -> came.what().react();
        case Event.Halted _ -> {
          if (conversation.running()) {
            halted.look(conversation::halted);
          }
        }
        case Event.Gone _ -> end = End.LOST;
        case Event.Left _ -> {
          conversation.left();
          end = End.LEFT;
        }
        case Event.Ended ended -> {
          conversation.ended(ended.status());
          end = End.ENDED;
        }
      }
      flush();
    }
    finish();
  }

  /** Sends what is to be sent: not while the machine waits, as the debugger may not read. */
  private void flush() {
    try {
      out.writeTo(socket.getOutputStream());
    } catch (IOException e) {
      // The reader finds that it is gone.
    }
    out.reset();
  }

  private void finish() throws InterruptedException {
    if (end == End.KILLED || end == End.ENDED) {
      return;
    }
    if (!conversation.running() || halted.halt(PATIENCE_MILLISECONDS)) {
      halted.look(conversation::clear);
    } else {
      // No run is under way that could be halted: before the next one's first instruction, then.
      machine.post(conversation::clear);
    }
    boolean stays = (end == End.LOST || end == End.REFUSED) && port.haltOnLoss();
    if (end == End.DETACHED) {
      people.accept("the debugger has taken its leave; the machine goes on");
    } else if (end == End.LOST || end == End.REFUSED) {
      people.accept("the debugger at " + peer + (end == End.LOST ? " is gone without a word" : " was disconnected: " + refused)
          + "; the machine " + (stays ? "stays halted until another one connects" : "goes on"));
    }
    shut();
    if (!stays) {
      halted.go();
    }
  }

  // ---- What the debugger wants of the run; while the machine is halted, but for halt

  @Override
  public void look(Runnable look) throws InterruptedException {
    halted.look(look);
  }

  @Override
  public boolean interrupt() throws InterruptedException {
    boolean stands = halted.halt(PATIENCE_MILLISECONDS);
    if (stands) {
      events.removeIf(Event.Halted.class::isInstance);
    }
    return stands;
  }

  @Override
  public void refuse(String why) {
    refused = why;
    end = End.REFUSED;
  }

  @Override
  public void go() {
    halted.go();
  }

  @Override
  public void step(int cpu) {
    halted.step(cpu);
  }

  @Override
  public void halt() {
    halted.control().halt();
  }

  @Override
  public void detach() {
    end = End.DETACHED;
  }

  @Override
  public void kill() {
    end = End.KILLED;
    people.accept("the debugger ends the run");
    halted.control().quit();
  }
}
