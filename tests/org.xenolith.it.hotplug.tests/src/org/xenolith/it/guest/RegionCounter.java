// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/** Counts what a machine executes in translated code. */
public final class RegionCounter implements MachineWatcher {
  private long instructions;

  /** Instructions executed in regions so far. */
  public long instructions() {
    return instructions;
  }

  @Override
  public void translated(long executed, String wayOut) {
    instructions += executed;
  }

  @Override
  public long period() {
    return Long.MAX_VALUE;
  }

  @Override
  public void sample(CpuPort cpu, long executed, long nanoseconds, long inExits) {}

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {}

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {}
}
