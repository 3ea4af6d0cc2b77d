// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * What the distributor knows of every interrupt. Bit sets hold 32 interrupts a word; the first word (SGIs and PPIs) exists
 * once for each CPU, so that word {@code cpu} is the banked one and word {@code CPUS - 1 + n} holds interrupts 32n to
 * 32n+31.
 */
final class InterruptStates {
  /** Most CPUs that the architecture can address. */
  static final int CPUS = 8;
  /** First shared interrupt. */
  static final int SPI = 32;
  /** "No interrupt". */
  static final int SPURIOUS = 1023;

  final int cpus;
  final int lines;
  private final int words;
  /** GICD_CTLR. */
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
  private final byte[] priority;
  private final byte[] target;
  /** CPUs from which SGI n is pending at CPU c, at {@code 16c + n}. */
  final byte[] sources;
  /** Derived from {@link #target}: interrupts by CPU and word. */
  private final int[] targeted;

  InterruptStates(DeviceState state, int cpus, int lines) {
    this.cpus = cpus;
    this.lines = lines;
    words = lines / 32;
    int banks = CPUS + words - 1;
    control = state.cell("GICD_CTLR", 0);
    group = state.ints("group", banks);
    enabled = state.ints("enabled", banks);
    latched = state.ints("latched", banks);
    level = state.ints("level", banks);
    active = state.ints("active", banks);
    edge = state.ints("edge", banks);
    priority = state.bytes("priority", CPUS * SPI + lines - SPI);
    target = state.bytes("target", lines);
    sources = state.bytes("sgi-sources", CPUS * 16);
    targeted = new int[CPUS * words];
  }

  /** After the state was zeroed: SGIs are always enabled and always edges (as in QEMU; IMPLEMENTATION DEFINED). */
  void reset() {
    for (int cpu = 0; cpu < CPUS; cpu++) {
      enabled[cpu] = 0xFFFF;
      edge[cpu] = 0xFFFF;
    }
    derive();
  }

  /** Rebuilds what follows from the state. */
  void derive() {
    for (int word = 1; word < words; word++) {
      for (int cpu = 0; cpu < cpus; cpu++) {
        targeted[cpu * words + word] = 0;
      }
    }
    for (int id = SPI; id < lines; id++) {
      spread(id);
    }
  }

  private void spread(int id) {
    // A uniprocessor has no target registers: everything goes to the only CPU (IHI 0048B, 4.3.12).
    int to = cpus == 1 ? 1 : target[id];
    for (int cpu = 0; cpu < cpus; cpu++) {
      int at = cpu * words + (id >> 5);
      int bit = 1 << id;
      targeted[at] = (to >> cpu & 1) != 0 ? targeted[at] | bit : targeted[at] & ~bit;
    }
  }

  /** The word of the bit sets that holds {@code id} for {@code cpu}. */
  int word(int cpu, int id) {
    return id < SPI ? cpu : CPUS - 1 + (id >> 5);
  }

  int priority(int cpu, int id) {
    return priority[id < SPI ? cpu * SPI + id : CPUS * SPI + id - SPI] & 0xFF;
  }

  void setPriority(int cpu, int id, int value) {
    priority[id < SPI ? cpu * SPI + id : CPUS * SPI + id - SPI] = (byte) value;
  }

  /** GICD_ITARGETSR byte; read-only and the own bit for private interrupts, zero on a uniprocessor. */
  int target(int cpu, int id) {
    if (cpus == 1) {
      return 0;
    }
    return id < SPI ? 1 << cpu : target[id] & 0xFF;
  }

  void setTarget(int id, int mask) {
    if (cpus > 1 && id >= SPI) {
      target[id] = (byte) (mask & (1 << cpus) - 1);
      spread(id);
    }
  }

  /** Pending interrupts of a word: latched, or level-sensitive with the input high. */
  int pending(int word) {
    return latched[word] | level[word] & ~edge[word];
  }

  boolean isGroup1(int cpu, int id) {
    return (group[word(cpu, id)] >> id & 1) != 0;
  }

  /**
   * The interrupt that the distributor forwards to {@code cpu}: of those pending, enabled, not active, targeted and of a
   * forwarded group the one with the highest priority, of equals the lowest number; {@link #SPURIOUS} without one.
   */
  int highest(int cpu) {
    int best = SPURIOUS;
    int bestPriority = 0x100;
    boolean group0 = (control.value & 1) != 0;
    boolean group1 = (control.value & 2) != 0;
    for (int i = 0; i < words; i++) {
      int word = i == 0 ? cpu : CPUS - 1 + i;
      int candidates = pending(word) & enabled[word] & ~active[word];
      if (i > 0) {
        candidates &= targeted[cpu * words + i];
      }
      if (!group0) {
        candidates &= group[word];
      }
      if (!group1) {
        candidates &= ~group[word];
      }
      while (candidates != 0) {
        int id = i * 32 + Integer.numberOfTrailingZeros(candidates);
        int p = priority(cpu, id);
        if (p < bestPriority) {
          best = id;
          bestPriority = p;
        }
        candidates &= candidates - 1;
      }
    }
    return best;
  }

  /** Pending to active. Returns the value of IAR: the number, for an SGI with its source in bits 12:10. */
  int acknowledge(int cpu, int id) {
    int word = word(cpu, id);
    int bit = 1 << id;
    active[word] |= bit;
    if (id >= 16) {
      latched[word] &= ~bit;
      return id;
    }
    int at = cpu * 16 + id;
    int source = Integer.numberOfTrailingZeros(sources[at] & 0xFF) & 7;
    sources[at] &= (byte) ~(1 << source);
    if (sources[at] == 0) {
      latched[word] &= ~bit;
    }
    return id | source << 10;
  }

  void deactivate(int cpu, int id) {
    active[word(cpu, id)] &= ~(1 << id);
  }

  /** Adds or takes sources of a pending SGI. */
  void sgi(int cpu, int id, int sourceMask, boolean pend) {
    int at = cpu * 16 + id;
    int now = pend ? sources[at] | sourceMask : sources[at] & ~sourceMask;
    sources[at] = (byte) now;
    latched[cpu] = (now & 0xFF) != 0 ? latched[cpu] | 1 << id : latched[cpu] & ~(1 << id);
  }

  /** Drives one input. */
  void input(int cpu, int id, boolean high) {
    int word = word(cpu, id);
    int bit = 1 << id;
    if (high && (level[word] & bit) == 0) {
      latched[word] |= bit & edge[word];
    }
    level[word] = high ? level[word] | bit : level[word] & ~bit;
  }
}
