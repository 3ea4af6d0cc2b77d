// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/** Counts what a watched CPU executes in regions. */
final class TranslatedInstructions implements MachineWatcher {
  final Map<String, Integer> waysOut = new TreeMap<>();
  long instructions;

  @Override
  public long period() {
    return 1;
  }

  @Override
  public void sample(CpuPort cpu, long executed, long nanoseconds, long inExits) {}

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {}

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {}

  @Override
  public void translated(long executed, String wayOut) {
    assertTrue(executed >= 0, "instructions: " + executed);
    instructions += executed;
    waysOut.merge(wayOut, 1, Integer::sum);
  }
}
