// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xenolith.gdb.PacketReader.Received;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/**
 * One debugger's connection. A thread reads; another one has the conversation, and does what is about the machine while that is halted, by {@code RunControl.look}. The debugger may be gone at any
 * moment.
 */
final class GdbConnection implements Stub.Runs {
  private static final int CHUNK = 1 << 14;
  private static final long PATIENCE_MILLISECONDS = 1000;

  /** What the conversation goes on with. */
  private sealed interface Event {
    /** Something came. */
    record Came(Received what) implements Event {}

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
  private enum End { LOST, DETACHED, LEFT, KILLED, ENDED }

  private final Socket socket;
  private final String peer;
  private final boolean haltOnLoss;
  private final Machine machine;
  private final MachineInspector inspector;
  private final Supplier<Optional<SymbolFinder>> finder;
  private final HaltedMachine halted;
  private final Consumer<String> people;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Thread conversation;
  private volatile boolean open = true;
  /** The debugger's end is closed: nobody waits for an answer. */
  private volatile boolean gone;
  private End end;

  GdbConnection(Socket socket, boolean haltOnLoss, Machine machine, MachineInspector inspector, Supplier<Optional<SymbolFinder>> finder,
      HaltedMachine halted, Consumer<
          String> people) {
    this.socket = socket;
    this.haltOnLoss = haltOnLoss;
    this.machine = machine;
    this.inspector = inspector;
    this.finder = finder;
    this.halted = halted;
    this.people = people;
    peer = peer(socket);
  }

  /** Tells one that there is another one already. */
  static void refuse(Socket client) {
    try (client) {
      client.getOutputStream().write('+');
      client.getOutputStream().write(new Reply("E.another debugger is connected").packet());
    } catch (IOException e) {
      // It is gone by itself.
    }
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
    conversation = Thread.ofPlatform().daemon().name("gdb conversation").start(this::converse);
    Thread.ofPlatform().daemon().name("gdb reader").start(this::read);
  }

  void halted() {
    events.add(new Event.Halted());
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
      conversation.join(PATIENCE_MILLISECONDS);
      conversation.interrupt();
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
    PacketReader reader = new PacketReader();
    byte[] bytes = new byte[CHUNK];
    try {
      socket.setTcpNoDelay(true);
      for (int count; (count = socket.getInputStream().read(bytes)) >= 0;) {
        for (int i = 0; i < count; i++) {
          reader.next(bytes[i] & 0xFF).ifPresent(what -> events.add(new Event.Came(what)));
        }
      }
    } catch (IOException e) {
      // The same as its end.
    }
    gone = true;
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
          debug(first);
        } else if (!haltOnLoss) {
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
    DebuggedMachine debugged = halted.control().look(() -> new DebuggedMachine(machine, inspector.of(machine), finder.get(), halted
        .control()::halt));
    Stub stub = new Stub(debugged, this, out::writeBytes);
    people.accept("a debugger at " + peer + " is connected, and the machine halted");
    for (Event event = first; end == null; event = end == null ? events.take() : event) {
      switch (event) {
        case Event.Came came -> does(stub, () -> stub.received(came.what()));
        case Event.Halted _ -> halted.control().look(() -> {
          stub.halted();
          return null;
        });
        case Event.Gone _ -> end = End.LOST;
        case Event.Left _ -> {
          stub.ended(0);
          end = End.LEFT;
        }
        case Event.Ended ended -> {
          stub.ended(ended.status());
          end = End.ENDED;
        }
      }
      flush();
    }
    finish(debugged, stub);
  }

  private void does(Stub stub, Runnable what) throws InterruptedException {
    if (stub.running()) {
      what.run();
      return;
    }
    halted.control().look(() -> {
      what.run();
      return null;
    });
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

  private void finish(DebuggedMachine debugged, Stub stub) throws InterruptedException {
    if (end == End.KILLED || end == End.ENDED) {
      return;
    }
    if (!stub.running() || halted.halt(PATIENCE_MILLISECONDS)) {
      halted.control().look(() -> {
        debugged.breakpoints().clear();
        return null;
      });
    } else {
      // No run is under way that could be halted: before the next one's first instruction, then.
      machine.post(() -> debugged.breakpoints().clear());
    }
    boolean stays = end == End.LOST && haltOnLoss;
    if (end == End.DETACHED) {
      people.accept("the debugger has taken its leave; the machine goes on");
    } else if (end == End.LOST) {
      people.accept("the debugger at " + peer + " is gone without a word; the machine " + (stays ? "stays halted until another one connects"
          : "goes on"));
    }
    shut();
    if (!stays) {
      halted.go();
    }
  }

  // ---- What the debugger wants of the run; while the machine is halted, but for halt

  @Override
  public void go(ResumeRequest request) {
    halted.go(request);
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
