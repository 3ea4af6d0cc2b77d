// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.xenolith.hw.pmu.PmuRegisters.ID_AA64PFR0_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL3;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.SCR_EL3;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What one CPU's monitors count, and where: the registers that say so (Arm ARM D13.5, D13.6). */
final class PmuControls {
  /** Event counters, whatever CPU: as many as Cortex-A53, A57 and A72 have. */
  static final int COUNTERS = 6;
  /** The cycle counter's number among the counters. */
  static final int CYCLES = 31;
  /** PMCR_EL0.IMP and IDCODE, which say what CPU it is. */
  private static final long IDENTIFICATION = 0xFFFF_0000L;
  private static final int ENABLE = 1;
  private static final int RESET_EVENTS = 1 << 1;
  private static final int RESET_CYCLES = 1 << 2;
  private static final int DIVIDE = 1 << 3;
  private static final int NOT_WHERE_PROHIBITED = 1 << 5;
  private static final int LONG_CYCLES = 1 << 6;
  /** E, D, X, DP, LC. */
  private static final int KEPT = ENABLE | DIVIDE | 1 << 4 | NOT_WHERE_PROHIBITED | LONG_CYCLES;
  private static final int EVENT_MASK = 0x3FF;
  private static final int FILTER_P = 31;
  private static final int FILTER_U = 30;
  private static final int FILTER_NSK = 29;
  private static final int FILTER_NSU = 28;
  private static final int FILTER_NSH = 27;
  private static final int FILTER_M = 26;
  private static final int MDCR_HPME = 1 << 7;
  private static final int MDCR_SPME = 1 << 17;
  private static final long SCR_NS = 1;

  /** PMCNTENSET_EL0 and PMCNTENCLR_EL0. */
  final LongCell enabled;
  /** PMINTENSET_EL1 and PMINTENCLR_EL1. */
  final LongCell interrupts;
  /** PMSELR_EL0. */
  final LongCell selected;
  /** PMUSERENR_EL0. */
  final LongCell user;
  final boolean hasEl2;
  final boolean hasEl3;
  private final ArmCpu cpu;
  private final LongCell control;
  private final LongCell cycleFilter;
  private final LongCell[] types = new LongCell[COUNTERS];
  private final long filterMask;
  /** Implementer and identification code, as the CPU's description has them. */
  private final long identification;

  PmuControls(ArmCpu cpu, DeviceState state, String prefix) {
    this.cpu = cpu;
    long levels = cpu.systemRegister(ID_AA64PFR0_EL1);
    hasEl2 = (levels >> 8 & 15) != 0;
    hasEl3 = (levels >> 12 & 15) != 0;
    filterMask = 1L << FILTER_P | 1L << FILTER_U | (hasEl2 ? 1L << FILTER_NSH : 0)
        | (hasEl3 ? 1L << FILTER_NSK | 1L << FILTER_NSU | 1L << FILTER_M : 0);
    identification = cpu.described(PMCR_EL0) & IDENTIFICATION;
    control = state.cell(prefix + "PMCR", 0);
    enabled = state.cell(prefix + "PMCNTEN", 0);
    interrupts = state.cell(prefix + "PMINTEN", 0);
    selected = state.cell(prefix + "PMSELR", 0);
    user = state.cell(prefix + "PMUSERENR", 0);
    cycleFilter = state.cell(prefix + "PMCCFILTR", 0);
    for (int n = 0; n < COUNTERS; n++) {
      types[n] = state.cell(prefix + "PMEVTYPER" + n, 0);
    }
  }

  /** All registers to their reset values. */
  void reset() {
    for (LongCell cell : new LongCell[] {control, enabled, interrupts, selected, user, cycleFilter}) {
      cell.value = 0;
    }
    for (LongCell type : types) {
      type.value = 0;
    }
  }

  // ---- PMCR_EL0

  long readControl() {
    return identification | (long) accessible() << 11 | control.value;
  }

  /** Sets what PMCR_EL0 keeps. Returns which counters the write sets to zero, a bit each. */
  int writeControl(long value) {
    control.value = value & KEPT;
    int zeroed = (value & RESET_CYCLES) != 0 ? 1 << CYCLES : 0;
    return (value & RESET_EVENTS) != 0 ? zeroed | (1 << accessible()) - 1 : zeroed;
  }

  /** Whether the cycle counter overflows beyond 64 bits, else beyond 32. */
  boolean longCycles() {
    return (control.value & LONG_CYCLES) != 0;
  }

  /** Whether the cycle counter counts every 64th cycle only. */
  boolean divided() {
    return (control.value & (DIVIDE | LONG_CYCLES)) == DIVIDE;
  }

  // ---- Event types

  long filterOf(int counter) {
    return counter == CYCLES ? cycleFilter.value : types[counter].value;
  }

  void filterOf(int counter, long value) {
    if (counter == CYCLES) {
      cycleFilter.value = value & filterMask;
    } else {
      types[counter].value = value & (filterMask | EVENT_MASK);
    }
  }

  /** What an event counter counts, or null for nothing. */
  PmuEvent event(int counter) {
    return PmuEvent.of((int) types[counter].value & EVENT_MASK);
  }

  // ---- Whose counters

  /** Event counters that EL0 and EL1 have where EL2 has taken some for itself, MDCR_EL2.HPMN. */
  private int lent() {
    return hasEl2 ? (int) Math.min(COUNTERS, cpu.systemRegister(MDCR_EL2) & 31) : COUNTERS;
  }

  /** Event counters that there are for the current level: those from 0 on. */
  int accessible() {
    return cpu.exceptionLevel() < 2 && el2Enabled() ? lent() : COUNTERS;
  }

  /** A bit for each counter that there is for the current level. */
  long accessibleBits() {
    return 1L << CYCLES | (1L << accessible()) - 1;
  }

  boolean el2Enabled() {
    return hasEl2 && !secure(1);
  }

  private boolean secure(int level) {
    return hasEl3 && (level == 3 || (cpu.systemRegister(SCR_EL3) & SCR_NS) == 0);
  }

  // ---- What counts

  /** A bit for each counter that is on, whatever is filtered: enabled in PMCNTENSET_EL0, and by its owner. */
  int on() {
    return (int) enabled.value & owned();
  }

  /** A bit for each counter whose owner has PMCR_EL0.E or MDCR_EL2.HPME on. */
  private int owned() {
    long of = 0;
    long events = (1L << COUNTERS) - 1;
    long guests = (1L << lent()) - 1;
    if ((control.value & ENABLE) != 0) {
      of = guests | 1L << CYCLES;
    }
    if (hasEl2 && (cpu.systemRegister(MDCR_EL2) & MDCR_HPME) != 0) {
      of |= events & ~guests;
    }
    return (int) of;
  }

  /**
   * A bit for each counter that would interrupt if it had overflowed. PMCNTENSET_EL0 has no part in it: a counter that is off keeps its
   * overflow (Arm ARM, AArch64.CheckForPMUOverflow).
   */
  int interrupting() {
    return (int) interrupts.value & owned();
  }

  /** A bit for each counter that counts at a level. */
  int active(int level) {
    int on = on();
    if (on == 0) {
      return 0;
    }
    boolean secure = secure(level);
    boolean prohibited = secure && (cpu.systemRegister(MDCR_EL3) & MDCR_SPME) == 0;
    int active = 0;
    for (int left = on; left != 0; left &= left - 1) {
      int counter = Integer.numberOfTrailingZeros(left);
      boolean not = prohibited && (counter != CYCLES || (control.value & NOT_WHERE_PROHIBITED) != 0);
      if (!not && !filtered(filterOf(counter), level, secure)) {
        active |= 1 << counter;
      }
    }
    return active;
  }

  private static boolean filtered(long filter, int level, boolean secure) {
    boolean p = (filter >> FILTER_P & 1) != 0;
    boolean u = (filter >> FILTER_U & 1) != 0;
    return switch (level) {
      case 0 -> secure ? u : u != ((filter >> FILTER_NSU & 1) != 0);
      case 1 -> secure ? p : p != ((filter >> FILTER_NSK & 1) != 0);
      case 2 -> (filter >> FILTER_NSH & 1) == 0;
      default -> p != ((filter >> FILTER_M & 1) != 0);
    };
  }
}
