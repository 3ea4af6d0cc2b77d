// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.x64.api.MsrFault;

/**
 * What one CPU's counters count, and where: the registers that say so (Intel SDM volume 3, 20.2.1 and 20.2.2). Counters are numbered from the general ones on;
 * those of fixed function follow.
 */
final class PerfmonControls {
  /** General counters. */
  static final int GENERAL = 4;
  /** Counters of fixed function: instructions, core cycles, reference cycles. */
  static final int FIXED = 3;
  /** All. */
  static final int COUNTERS = GENERAL + FIXED;
  /** Bits of a counter. */
  static final int WIDTH = 48;
  /** Bit of the first counter of fixed function in the global registers. */
  private static final int FIRST_FIXED_BIT = 32;
  /** Bits of a counter of fixed function in IA32_FIXED_CTR_CTRL. */
  private static final int FIELD = 4;
  private static final long FIELD_SUPERVISOR = 1;
  private static final long FIELD_USER = 1 << 1;
  private static final long FIELD_INTERRUPT = 1 << 3;
  private static final PerfmonEvent[] FIXED_EVENTS = {PerfmonEvent.INSTRUCTIONS, PerfmonEvent.CORE_CYCLES, PerfmonEvent.REFERENCE_CYCLES};

  private static final long USER = 1 << 16;
  private static final long SUPERVISOR = 1 << 17;
  private static final long EDGE = 1 << 18;
  private static final long INTERRUPT = 1 << 20;
  private static final long ENABLED = 1 << 22;
  private static final long INVERTED = 1 << 23;
  private static final long COUNTER_MASK = 0xFF00_0000L;
  /** AnyThread, which comes with version 3, and the upper half are reserved. */
  private static final long SELECT_BITS = 0xFFFF_FFFFL & ~(1 << 21);
  private static final long FIXED_BITS = 0xBBB;
  /** A counter each, as in IA32_PERF_GLOBAL_CTRL. */
  static final long GLOBAL_BITS = (1L << GENERAL) - 1 | (1L << FIXED) - 1 << FIRST_FIXED_BIT;

  private final LongCell[] selects = new LongCell[GENERAL];
  private final LongCell fixed;
  private final LongCell global;

  PerfmonControls(DeviceState state, String prefix) {
    for (int n = 0; n < GENERAL; n++) {
      selects[n] = state.cell(prefix + "IA32_PERFEVTSEL" + n, 0);
    }
    fixed = state.cell(prefix + "IA32_FIXED_CTR_CTRL", 0);
    // Software that knows version 1 only finds its counters on.
    global = state.cell(prefix + "IA32_PERF_GLOBAL_CTRL", (1 << GENERAL) - 1);
  }

  // ---- Registers

  private static long allowed(long value, long bits) {
    if ((value & ~bits) != 0) {
      throw MsrFault.INSTANCE;
    }
    return value;
  }

  long select(int counter) {
    return selects[counter].value;
  }

  void select(int counter, long value) {
    selects[counter].value = allowed(value, SELECT_BITS);
  }

  long fixed() {
    return fixed.value;
  }

  void fixed(long value) {
    fixed.value = allowed(value, FIXED_BITS);
  }

  long global() {
    return global.value;
  }

  void global(long value) {
    global.value = allowed(value, GLOBAL_BITS);
  }

  // ---- What they say

  /** A counter's bit in the global registers. */
  static long bit(int counter) {
    return 1L << (counter < GENERAL ? counter : FIRST_FIXED_BIT + counter - GENERAL);
  }

  private long field(int counter) {
    return fixed.value >> (counter - GENERAL) * FIELD;
  }

  /** What a counter counts, or null for nothing. Edges, and how many of an event there are in a cycle, aren't counted. */
  PerfmonEvent event(int counter) {
    if (counter >= GENERAL) {
      return FIXED_EVENTS[counter - GENERAL];
    }
    long select = selects[counter].value;
    return (select & (EDGE | INVERTED | COUNTER_MASK)) != 0 ? null : PerfmonEvent.of(select);
  }

  /** Whether a counter interrupts when it overflows. */
  boolean interrupts(int counter) {
    return counter < GENERAL ? (selects[counter].value & INTERRUPT) != 0 : (field(counter) & FIELD_INTERRUPT) != 0;
  }

  /** Whether a counter is on at level 0. */
  private boolean supervisor(int counter) {
    return on(counter) && (counter < GENERAL ? (selects[counter].value & SUPERVISOR) != 0 : (field(counter) & FIELD_SUPERVISOR) != 0);
  }

  /** Whether a counter is on at the levels 1 to 3. */
  private boolean user(int counter) {
    return on(counter) && (counter < GENERAL ? (selects[counter].value & USER) != 0 : (field(counter) & FIELD_USER) != 0);
  }

  private boolean on(int counter) {
    return (global.value & bit(counter)) != 0 && (counter >= GENERAL || (selects[counter].value & ENABLED) != 0);
  }

  /** Counters that count at a privilege level, a bit each from bit 0 on. */
  int active(int level, boolean executing) {
    int active = 0;
    for (int n = 0; n < COUNTERS; n++) {
      if (level == 0 ? supervisor(n) : user(n)) {
        PerfmonEvent event = event(n);
        active |= event != null && (executing || !event.isOfTime()) ? 1 << n : 0;
      }
    }
    return active;
  }

  /** Whether what counts depends on the privilege level. */
  boolean isOfLevels() {
    for (int n = 0; n < COUNTERS; n++) {
      if (supervisor(n) != user(n) && event(n) != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether something counts that doesn't go on while the CPU waits. */
  boolean isOfActivity() {
    for (int n = 0; n < COUNTERS; n++) {
      PerfmonEvent event = event(n);
      if ((supervisor(n) || user(n)) && event != null && event.isOfTime()) {
        return true;
      }
    }
    return false;
  }
}
