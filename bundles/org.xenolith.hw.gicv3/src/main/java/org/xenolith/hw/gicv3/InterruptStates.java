// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * What distributor and redistributors know of every interrupt. Bit sets hold 32 interrupts a word, called a bank: bank
 * {@code cpu} has the SGIs and PPIs of a CPU, bank {@code cpus - 1 + n} the interrupts 32n to 32n+31.
 */
final class InterruptStates {
  /** First shared interrupt. */
  static final int SPI = 32;
  /** "No interrupt". */
  static final int SPURIOUS = 1023;
  /** Affinity fields of a route: Aff3 in bits 39:32, Aff2 to Aff0 in 23:0. */
  static final long AFFINITY = 0xFF_00FF_FFFFL;

  final int cpus;
  final int lines;
  private final int words;
  private final long[] affinity;
  /** GICD_CTLR: forwarding of group 0 (bit 0) and group 1 (bit 1). */
  final LongCell control;
  /** One: group 1. */
  final int[] group;
  /** One: forwarded. */
  final int[] enabled;
  /** Pending because of an edge, an SGI or a write to ISPENDR. */
  final int[] latched;
  /** Level of the input. */
  final int[] level;
  /** Active: acknowledged and not yet deactivated. */
  final int[] active;
  /** One: edge-triggered. */
  final int[] edge;
  /** GICR_WAKER.ProcessorSleep by CPU: nothing is forwarded. */
  final int[] asleep;
  private final byte[] priority;
  /** GICD_IROUTER. */
  private final long[] route;
  /** Derived from {@link #route}: interrupts by CPU and word. */
  private final int[] routed;
  /** Null if there are none. */
  final Lpis lpis;

  /** @param lpis null if there are none */
  InterruptStates(DeviceState state, long[] affinity, int lines, Lpis lpis) {
    this.affinity = affinity;
    this.lpis = lpis;
    this.lines = lines;
    cpus = affinity.length;
    words = lines / 32;
    int banks = cpus + words - 1;
    control = state.cell("GICD_CTLR", 0);
    group = state.ints("group", banks);
    enabled = state.ints("enabled", banks);
    latched = state.ints("latched", banks);
    level = state.ints("level", banks);
    active = state.ints("active", banks);
    edge = state.ints("edge", banks);
    asleep = state.ints("asleep", cpus);
    priority = state.bytes("priority", banks * 32);
    route = state.longs("GICD_IROUTER", lines);
    routed = new int[cpus * words];
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
    int bit = 1 << id;
    for (int cpu = 0; cpu < cpus; cpu++) {
      int at = cpu * words + (id >> 5);
      routed[at] = affinity[cpu] == route[id] ? routed[at] | bit : routed[at] & ~bit;
    }
  }

  /** The bank that holds {@code id} for {@code cpu}. */
  int bank(int cpu, int id) {
    return id < SPI ? cpu : cpus - 1 + (id >> 5);
  }

  int priority(int bank, int id) {
    return priority[bank * 32 + (id & 31)] & 0xFF;
  }

  void setPriority(int bank, int id, int value) {
    priority[bank * 32 + (id & 31)] = (byte) value;
  }

  long route(int id) {
    return route[id];
  }

  /** Routes to one CPU; "any CPU" (IRM) is not offered, GICD_TYPER.No1N says so. */
  void setRoute(int id, long value) {
    route[id] = value & AFFINITY;
    spread(id);
  }

  /** Pending interrupts of a bank: latched, or level-sensitive with the input high. */
  int pending(int bank) {
    return latched[bank] | level[bank] & ~edge[bank];
  }

  boolean isGroup1(int cpu, int id) {
    return id >= PendingLpis.FIRST || (group[bank(cpu, id)] >> id & 1) != 0;
  }

  /** Priority of an interrupt that {@link #highest} gave. */
  int priorityOf(int cpu, int id) {
    return id >= PendingLpis.FIRST ? lpis.priority(cpu, id) : priority(bank(cpu, id), id);
  }

  /** Whether there is an interrupt of that number. */
  boolean has(int id) {
    return id >= 0 && id < lines || lpis != null && id >= PendingLpis.FIRST && id < PendingLpis.END;
  }

  /**
   * The interrupt forwarded to {@code cpu}: of those pending, enabled, not active, routed and of a forwarded group the one
   * with the highest priority, of equals the lowest number; {@link #SPURIOUS} without one.
   */
  int highest(int cpu) {
    if (asleep[cpu] != 0) {
      return SPURIOUS;
    }
    int best = SPURIOUS;
    int bestPriority = 0x100;
    boolean group0 = (control.value & 1) != 0;
    boolean group1 = (control.value & 2) != 0;
    for (int i = 0; i < words; i++) {
      int bank = i == 0 ? cpu : cpus - 1 + i;
      int candidates = pending(bank) & enabled[bank] & ~active[bank];
      if (i > 0) {
        candidates &= routed[cpu * words + i];
      }
      if (!group0) {
        candidates &= group[bank];
      }
      if (!group1) {
        candidates &= ~group[bank];
      }
      while (candidates != 0) {
        int bit = Integer.numberOfTrailingZeros(candidates);
        int p = priority(bank, bit);
        if (p < bestPriority) {
          best = i * 32 + bit;
          bestPriority = p;
        }
        candidates &= candidates - 1;
      }
    }
    int lpi = lpis == null || !group1 ? SPURIOUS : lpis.highest(cpu);
    return lpi != SPURIOUS && lpis.priority(cpu, lpi) < bestPriority ? lpi : best;
  }

  /** Pending to active; an LPI has no active state. */
  void acknowledge(int cpu, int id) {
    if (id >= PendingLpis.FIRST) {
      lpis.acknowledge(cpu, id);
      return;
    }
    int bank = bank(cpu, id);
    active[bank] |= 1 << id;
    latched[bank] &= ~(1 << id);
  }

  void deactivate(int cpu, int id) {
    active[bank(cpu, id)] &= ~(1 << id);
  }

  /** Drives one input. */
  void input(int cpu, int id, boolean high) {
    int bank = bank(cpu, id);
    int bit = 1 << id;
    if (high && (level[bank] & bit) == 0) {
      latched[bank] |= bit & edge[bank];
    }
    level[bank] = high ? level[bank] | bit : level[bank] & ~bit;
  }
}
