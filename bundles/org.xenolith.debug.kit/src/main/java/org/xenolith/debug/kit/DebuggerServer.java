// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.command.api.HostReason;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** Waits for debuggers of one machine, and has one at a time. */
public final class DebuggerServer implements Debugger.Session {
  private static final int PATIENCE_MILLISECONDS = 1000;
  private final ServerSocket socket;
  private final DebuggerPort port;
  private final Machine machine;
  private final HaltedMachine halted;
  private final DebuggerProtocol protocol;
  private final Consumer<String> people;
  private final Consumer<DebuggerServer> closed;
  private @Nullable DebuggerConnection connection;
  private boolean over;

  /**
   * Waits from now on; {@link #begin} has clients served.
   *
   * @param people hears what they should know
   * @param closed told when it is over
   * @throws org.xenolith.command.api.BadInput if nobody can be waited for
   */
  public DebuggerServer(DebuggerPort port, Machine machine, RunControl control, DebuggerProtocol protocol, Consumer<String> people,
      Consumer<DebuggerServer> closed) {
    this(port, machine, new HaltedMachine(control), protocol, people, closed);
  }

  /** The same for a machine of which is known whether it is halted. */
  DebuggerServer(DebuggerPort port, Machine machine, HaltedMachine halted, DebuggerProtocol protocol, Consumer<String> people, Consumer<
      DebuggerServer> closed) {
    this.port = port;
    this.machine = machine;
    this.protocol = protocol;
    this.people = people;
    this.closed = closed;
    this.halted = halted;
    socket = port.listen();
    if (port.halted()) {
      halted.control().halt();
    }
  }

  /** Serves clients, and tells people how to connect. */
  public void begin() {
    people.accept(howTo());
    serve();
  }

  /** How to connect, for people. */
  String howTo() {
    InetSocketAddress at = (InetSocketAddress) socket.getLocalSocketAddress();
    boolean here = at.getAddress().isLoopbackAddress();
    String host = here || at.getAddress().isAnyLocalAddress() ? "" : at.getAddress().getHostAddress();
    return "a debugger may connect" + (port.halted() ? ", for which the machine waits" : "") + ": " + protocol.invitation(host, at
        .getPort())
        + (here ? "" : " (from any computer that reaches this port: nobody is asked for a password)");
  }

  /** Serves clients. */
  void serve() {
    Thread.ofPlatform().daemon().name(port.option() + " port " + socket.getLocalPort()).start(this::accept);
  }

  private void accept() {
    try {
      for (;;) {
        take(socket.accept());
      }
    } catch (IOException e) {
      if (!isOver()) {
        people.accept("no further debugger can connect: " + HostReason.of(e).text());
      }
    }
  }

  private synchronized void take(Socket client) {
    DebuggerConnection now = connection;
    if (now != null && now.open() && !now.giveWay()) {
      people.accept("another debugger, at " + DebuggerConnection.peer(client) + ", was refused: one at " + now.peer() + " is connected");
      Thread.ofPlatform().daemon().name(port.option() + " refusal").start(() -> refuse(client));
      return;
    }
    DebuggerConnection next = new DebuggerConnection(client, port, machine, halted, protocol, people);
    connection = next;
    next.begin();
  }

  /** Tells one that there is another one already. */
  private void refuse(Socket client) {
    try (client) {
      client.setSoTimeout(PATIENCE_MILLISECONDS);
      client.getOutputStream().write(protocol.refusal(client.getInputStream()));
    } catch (IOException e) {
      // It is gone by itself.
    }
  }

  private synchronized boolean isOver() { return over; }

  private synchronized @Nullable DebuggerConnection connection() {
    return connection;
  }

  @Override
  public void halted() {
    DebuggerConnection now = connection();
    // Who has waited for it knows that the connection has heard of it.
    if (now != null) {
      now.halted();
    }
    halted.halted();
  }

  /** The bundle goes: the machine doesn't notice. */
  public void leave() {
    people.accept("the bundle that has the debugger's port is replaced or removed: the port is closed, and the machine goes on");
    shut();
  }

  /** The port is closed, and who is connected told that it is over; the machine goes on. */
  void shut() {
    DebuggerConnection last = end();
    if (last != null && last.open()) {
      last.leave();
    } else {
      halted.go();
    }
  }

  /** The port is closed. Returns who is or was connected; null if nobody was. */
  private @Nullable DebuggerConnection end() {
    DebuggerConnection last;
    synchronized (this) {
      over = true;
      last = connection;
    }
    try {
      socket.close();
    } catch (IOException e) {
      // Nobody waits for it any more.
    }
    closed.accept(this);
    return last;
  }

  @Override
  public void close() {
    DebuggerConnection last = end();
    halted.close();
    if (last != null && last.open()) {
      last.close(machine.exitStatus().orElse(0));
    }
  }
}
