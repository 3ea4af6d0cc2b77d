// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** A launched machine that may have a port for debuggers, from its launch on or later, and be without one again. Any thread. */
public final class DebuggerSession implements Debugger.Session {
  private final Machine machine;
  private final HaltedMachine halted;
  private final DebuggerProtocol protocol;
  private final Consumer<String> people;
  private final Runnable closed;
  private @Nullable DebuggerServer server;

  /**
   * One without a port.
   *
   * @param people hears what they should know
   * @param closed told when the machine's life ends
   */
  public DebuggerSession(Machine machine, RunControl control, DebuggerProtocol protocol, Consumer<String> people, Runnable closed) {
    this.machine = machine;
    this.protocol = protocol;
    this.people = people;
    this.closed = closed;
    halted = new HaltedMachine(control);
  }

  /**
   * Opens a port, and halts the machine if that is asked for.
   *
   * @return how a debugger connects, for people
   * @throws BadInput if there is one already, or nobody can be waited for there
   */
  public synchronized String open(DebuggerPort port) {
    DebuggerServer now = server;
    if (now != null) {
      throw new BadInput("a port is open already: " + now.howTo());
    }
    DebuggerServer opened = new DebuggerServer(port, machine, halted, protocol, people, over -> {});
    server = opened;
    opened.serve();
    return opened.howTo();
  }

  /** How a debugger connects; empty while there is no port. */
  public synchronized Optional<String> port() {
    return Optional.ofNullable(server).map(DebuggerServer::howTo);
  }

  private synchronized @Nullable DebuggerServer taken() {
    DebuggerServer last = server;
    server = null;
    return last;
  }

  /** Closes the port, and tells who is connected; the machine goes on. Returns whether there was one. */
  public boolean shut() {
    DebuggerServer last = taken();
    if (last != null) {
      last.shut();
    }
    return last != null;
  }

  /** The bundle goes: the machine doesn't notice. */
  public void leave() {
    DebuggerServer last = taken();
    if (last != null) {
      last.leave();
    }
  }

  @Override
  public void halted() {
    DebuggerServer now;
    synchronized (this) {
      now = server;
    }
    if (now != null) {
      now.halted();
    } else {
      halted.halted();
    }
  }

  @Override
  public void close() {
    DebuggerServer last = taken();
    if (last != null) {
      last.close();
    }
    halted.close();
    closed.run();
  }
}
