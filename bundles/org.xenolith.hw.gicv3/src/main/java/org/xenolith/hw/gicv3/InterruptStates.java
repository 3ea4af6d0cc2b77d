// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import org.xenolith.gic.kit.InterruptBanks;
import org.xenolith.regs.DeviceState;

/** What distributor and redistributors know of every interrupt, LPIs among them. */
final class InterruptStates extends InterruptBanks {
  /** Affinity fields of a route: Aff3 in bits 39:32, Aff2 to Aff0 in 23:0. */
  static final long AFFINITY = 0xFF_00FF_FFFFL;

  private final long[] affinity;
  /** GICR_WAKER.ProcessorSleep by CPU: nothing is forwarded. */
  final int[] asleep;
  /** GICD_IROUTER. */
  private final long[] route;
  /** Null if there are none. */
  final Lpis lpis;

  /** @param lpis null if there are none */
  InterruptStates(DeviceState state, long[] affinity, int lines, Lpis lpis) {
    super(state, affinity.length, affinity.length, lines);
    this.affinity = affinity;
    this.lpis = lpis;
    asleep = state.ints("asleep", cpus);
    declarePriorities(state);
    route = state.longs("GICD_IROUTER", lines);
  }

  /** After the state was zeroed: SGIs are edges, redistributors sleep. */
  void reset() {
    for (int cpu = 0; cpu < cpus; cpu++) {
      edge[cpu] = 0xFFFF;
      asleep[cpu] = 1;
    }
    derive();
  }

  /** Rebuilds what follows from the state. */
  void derive() {
    for (int id = SPI; id < lines; id++) {
      spread(id);
    }
  }

  private void spread(int id) {
    for (int cpu = 0; cpu < cpus; cpu++) {
      goes(id, cpu, affinity[cpu] == route[id]);
    }
  }

  long route(int id) {
    return route[id];
  }

  /** Routes to one CPU; "any CPU" (IRM) is not offered, GICD_TYPER.No1N says so. */
  void setRoute(int id, long value) {
    route[id] = value & AFFINITY;
    spread(id);
  }

  @Override
  public boolean isGroup1(int cpu, int id) {
    return id >= PendingLpis.FIRST || super.isGroup1(cpu, id);
  }

  /** Priority of an interrupt that {@link #highest} gave. */
  int priorityOf(int cpu, int id) {
    return id >= PendingLpis.FIRST ? lpis.priority(cpu, id) : priority(bank(cpu, id), id);
  }

  /** Whether there is an interrupt of that number. */
  boolean has(int id) {
    return id >= 0 && id < lines || lpis != null && id >= PendingLpis.FIRST && id < PendingLpis.END;
  }

  /** The interrupt forwarded to {@code cpu}, of lines and LPIs; nothing is while its redistributor sleeps. */
  @Override
  public int highest(int cpu) {
    if (asleep[cpu] != 0) {
      return SPURIOUS;
    }
    int best = super.highest(cpu);
    boolean group1 = (control.value & 2) != 0;
    int lpi = lpis == null || !group1 ? SPURIOUS : lpis.highest(cpu);
    return lpi != SPURIOUS && (best == SPURIOUS || lpis.priority(cpu, lpi) < priorityOf(cpu, best)) ? lpi : best;
  }

  /** Pending to active; an LPI has no active state. */
  void acknowledge(int cpu, int id) {
    if (id >= PendingLpis.FIRST) {
      lpis.acknowledge(cpu, id);
      return;
    }
    int bank = bank(cpu, id);
    active[bank] |= 1 << id;
    unlatch(bank, 1 << id);
  }
}
