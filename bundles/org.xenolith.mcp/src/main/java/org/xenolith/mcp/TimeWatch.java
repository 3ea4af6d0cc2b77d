// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/** Tells when a machine's virtual time has come to a moment, behind one of the next thousand instructions of a CPU. */
final class TimeWatch implements MachineWatcher {
  private static final long PERIOD = 1000;
  private final Machine machine;
  private final long end;
  private final Runnable reached;

  /** @param end virtual nanoseconds since power-on */
  TimeWatch(Machine machine, long end, Runnable reached) {
    this.machine = machine;
    this.end = end;
    this.reached = reached;
  }

  @Override
  public long period() {
    return PERIOD;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {
    if (machine.now() >= end) {
      reached.run();
    }
  }

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {}

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {}

  @Override
  public boolean wantsTranslated() { return false; }

  @Override
  public void translated(long instructions, String wayOut) {}
}
