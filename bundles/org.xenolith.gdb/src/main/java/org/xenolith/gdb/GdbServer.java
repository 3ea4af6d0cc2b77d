// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xenolith.command.api.HostReason;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** Waits for debuggers of one machine, and has one at a time. */
final class GdbServer implements Debugger.Session {
  private final ServerSocket socket;
  private final GdbSettings settings;
  private final Machine machine;
  private final MachineInspector inspector;
  private final Supplier<Optional<SymbolFinder>> finder;
  private final HaltedMachine halted;
  private final Consumer<String> people;
  private final Consumer<GdbServer> closed;
  private GdbConnection connection;
  private boolean over;

  /** @param closed told when it is over */
  GdbServer(ServerSocket socket, GdbSettings settings, Machine machine, MachineInspector inspector, Supplier<Optional<SymbolFinder>> finder,
      RunControl control, Consumer<
          String> people,
      Consumer<GdbServer> closed) {
    this.socket = socket;
    this.settings = settings;
    this.machine = machine;
    this.inspector = inspector;
    this.finder = finder;
    this.halted = new HaltedMachine(control);
    this.people = people;
    this.closed = closed;
  }

  void begin() {
    InetSocketAddress at = (InetSocketAddress) socket.getLocalSocketAddress();
    String host = at.getAddress().isLoopbackAddress() || at.getAddress().isAnyLocalAddress() ? "" : at.getAddress().getHostAddress();
    people.accept("a debugger may connect" + (settings.halted() ? ", for which the machine waits" : "")
        + ": gdb-multiarch -ex 'target remote " + host + ":"
        + at.getPort() + "'" + (at.getAddress().isLoopbackAddress() ? ""
            : " (from any computer that reaches this port: nobody is asked for a password)"));
    Thread.ofPlatform().daemon().name("gdb port " + at.getPort()).start(this::accept);
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
    if (connection != null && connection.open()) {
      people.accept("another debugger, at " + GdbConnection.peer(client) + ", was refused: one at " + connection.peer() + " is connected");
      GdbConnection.refuse(client);
      return;
    }
    connection = new GdbConnection(client, settings.haltOnLoss(), machine, inspector, finder, halted, people);
    connection.begin();
  }

  private synchronized boolean isOver() { return over; }

  @Override
  public void halted() {
    GdbConnection now;
    halted.halted();
    synchronized (this) {
      now = connection;
    }
    if (now != null) {
      now.halted();
    }
  }

  /** The bundle goes: the machine doesn't notice. */
  void leave() {
    GdbConnection last = end();
    people.accept("the bundle that has the debugger's port is replaced or removed: the port is closed, and the machine goes on");
    if (last != null && last.open()) {
      last.leave();
    } else {
      halted.go();
    }
  }

  /** The port is closed. Returns who is or was connected, if anybody was. */
  private GdbConnection end() {
    GdbConnection last;
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
    GdbConnection last = end();
    halted.close();
    if (last != null && last.open()) {
      last.close(machine.exitStatus().orElse(0));
    }
  }
}
