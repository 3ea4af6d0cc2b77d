// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/** Waits for a machine to be closed. */
final class MachineEnd implements MachineWatcher {
  private final Runnable closed;

  MachineEnd(Runnable closed) {
    this.closed = closed;
  }

  @Override
  public void closed() {
    closed.run();
  }

  @Override
  public long period() {
    return Long.MAX_VALUE;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {
    // Only the end counts.
  }

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {
    // Only the end counts.
  }

  @Override
  public void exitEnds(long now) {
    // Only the end counts.
  }

  @Override
  public void exception(CpuPort cpu, String what) {
    // Only the end counts.
  }

  @Override
  public boolean wantsTranslated() { return false; }

  @Override
  public void translated(long instructions, String wayOut) {
    // Only the end counts.
  }
}
