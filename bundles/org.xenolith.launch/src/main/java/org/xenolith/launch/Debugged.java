// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.RunControl;

/** Who debugs one machine. */
final class Debugged implements AutoCloseable {
  private final List<Debugger.Session> sessions = new CopyOnWriteArrayList<>();
  /** Whether anybody may: a fork has the options of what it is a fork of, and nobody asked for it to be debugged. */
  private final boolean wanted;

  Debugged(boolean wanted) {
    this.wanted = wanted;
  }

  void begin(Debugger debugger, LaunchedMachine machine, RunControl control, Consumer<String> told) {
    if (wanted) {
      sessions.add(debugger.begin(machine, machine.request(), control, told));
    }
  }

  void halted() {
    sessions.forEach(Debugger.Session::halted);
  }

  @Override
  public void close() {
    sessions.forEach(Debugger.Session::close);
    sessions.clear();
  }
}
