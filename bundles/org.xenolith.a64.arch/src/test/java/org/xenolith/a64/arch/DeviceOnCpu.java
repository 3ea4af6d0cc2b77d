// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.kit.ViewContext;

/** A device that claims something of a CPU: notes what its handlers throw, and whether it was entered. */
record DeviceOnCpu(String instance, int order, List<Throwable> failures, List<Integer> entries) implements ViewContext {
  DeviceOnCpu(String instance, int order) {
    this(instance, order, new ArrayList<>(), new ArrayList<>());
  }

  @Override
  public void failed(Throwable bug) {
    failures.add(bug);
  }

  @Override
  public void entered(int cpu) {
    entries.add(cpu);
  }
}
