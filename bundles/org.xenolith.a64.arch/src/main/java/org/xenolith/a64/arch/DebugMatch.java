// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/**
 * What breakpoints and watchpoints compare. Where the architecture leaves a choice, a reserved setting disables, only the first
 * run of byte selects counts, and bits of an address that its mask covers are ignored. Source: Arm ARM DDI 0487, D2.8 and D2.9, and
 * the functions AArch64.BreakpointMatch, AArch64.WatchpointMatch and AArch64.StateMatch.
 */
final class DebugMatch {
  /** No watchpoint matches. */
  static final long NONE = -1;

  private static final int BREAKPOINTS = Identification.BREAKPOINTS;
  private static final int WATCHPOINTS = Identification.WATCHPOINTS;
  private static final int FIRST_CONTEXT = BREAKPOINTS - Identification.CONTEXT_BREAKPOINTS;
  private static final SysReg[] BVR = rows("DBGBVR", BREAKPOINTS);
  private static final SysReg[] BCR = rows("DBGBCR", BREAKPOINTS);
  private static final SysReg[] WVR = rows("DBGWVR", WATCHPOINTS);
  private static final SysReg[] WCR = rows("DBGWCR", WATCHPOINTS);

  /** DBGBCR.E and DBGWCR.E. */
  private static final int ENABLE = 1;
  /** Bits of DBGBCR.BT: linked; a context ID, a VMID; an address mismatch of AArch32, or a context of a host at EL2. */
  private static final int LINKED_TYPE = 1;
  private static final int BT_CONTEXT = 2;
  private static final int BT_VMID = 8;
  private static final int BT_MISMATCH_OR_HOST = 4;

  private final Cpu cpu;
  private final long[] sys;
  /** Which are enabled, a bit each. */
  private int breakpoints;
  private int watchpoints;

  DebugMatch(Cpu cpu) {
    this.cpu = cpu;
    this.sys = cpu.sys;
  }

  private static SysReg[] rows(String prefix, int count) {
    SysReg[] rows = new SysReg[count];
    for (int i = 0; i < count; i++) {
      rows[i] = SysReg.valueOf(prefix + i + "_EL1");
    }
    return rows;
  }

  private long reg(SysReg reg) {
    return sys[reg.ordinal()];
  }

  // ---- Which may match

  void configure(boolean on) {
    breakpoints = on ? enabled(BCR) : 0;
    watchpoints = on ? enabled(WCR) : 0;
  }

  private int enabled(SysReg[] controls) {
    int bits = 0;
    for (int i = 0; i < controls.length; i++) {
      bits |= (int) (reg(controls[i]) & ENABLE) << i;
    }
    return bits;
  }

  boolean any() {
    return (breakpoints | watchpoints) != 0;
  }

  /** Whether a breakpoint may match at the current level. */
  boolean anyBreakpoint() {
    for (int n = 0; n < BREAKPOINTS; n++) {
      if ((breakpoints >> n & 1) != 0 && state((int) reg(BCR[n]), cpu.el, true)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a watchpoint may match an access of the current level, privileged or not. */
  boolean anyWatchpoint() {
    for (int n = 0; n < WATCHPOINTS; n++) {
      int control = (int) reg(WCR[n]);
      if ((watchpoints >> n & 1) != 0 && (state(control, cpu.el, false) || cpu.el == 1 && state(control, 0, false))) {
        return true;
      }
    }
    return false;
  }

  // ---- Matching

  /** Whether a breakpoint matches an instruction. */
  boolean breakpoint(long pc) {
    for (int n = 0; n < BREAKPOINTS; n++) {
      if ((breakpoints >> n & 1) != 0) {
        int control = (int) reg(BCR[n]);
        int type = control >>> 20 & 15;
        boolean address = (type & ~LINKED_TYPE) == 0;
        boolean alone = address || (type & LINKED_TYPE) == 0;
        if (alone && state(control, cpu.el, true) && (address ? address(reg(BVR[n]), pc) : context(n, type))
            && (!address || (type & LINKED_TYPE) == 0 || linked(control))) {
          return true;
        }
      }
    }
    return false;
  }

  /** AArch64 alone is built: DBGBCR.BAS is RES1. */
  private static boolean address(long value, long pc) {
    return value << 15 >> 17 == pc << 8 >> 10;
  }

  /** Whether a breakpoint's context matches that compares a context ID, a VMID or both. */
  private boolean context(int n, int type) {
    if (n < FIRST_CONTEXT || cpu.el > 1 || (type & BT_MISMATCH_OR_HOST) != 0 || (type & BT_VMID) != 0 && !cpu.config.el2()) {
      return false;
    }
    long value = reg(BVR[n]);
    if ((type & BT_CONTEXT) != 0 && (int) value != (int) reg(SysReg.CONTEXTIDR_EL1)) {
      return false;
    }
    return (type & BT_VMID) == 0 || (value >>> 32 & 0xFF) == (reg(SysReg.VTTBR_EL2) >>> 48 & 0xFF);
  }

  /** Whether the breakpoint that another one or a watchpoint is linked to lets it match. */
  private boolean linked(int control) {
    int n = control >>> 16 & 15;
    if (n < FIRST_CONTEXT || n >= BREAKPOINTS) {
      return false;
    }
    int other = (int) reg(BCR[n]);
    int type = other >>> 20 & 15;
    return (other & ENABLE) != 0 && (type & LINKED_TYPE) != 0 && (type & ~LINKED_TYPE) != 0 && context(n, type);
  }

  /**
   * Whether a watchpoint matches an access.
   *
   * @return how far into the access the first byte is that it watches; {@link #NONE} if none does
   */
  long watchpoint(long va, int size, boolean read, boolean write, boolean user) {
    long first = cpu.mmu.untagged(va);
    for (int n = 0; n < WATCHPOINTS; n++) {
      if ((watchpoints >> n & 1) != 0) {
        int control = (int) reg(WCR[n]);
        boolean kind = read && (control & 1 << 3) != 0 || write && (control & 1 << 4) != 0;
        if (kind && state(control, user && cpu.el == 1 ? 0 : cpu.el, false) && ((control & 1 << 20) == 0 || linked(control))) {
          long at = watched(n, control, first, size);
          if (at != NONE) {
            return at;
          }
        }
      }
    }
    return NONE;
  }

  private long watched(int n, int control, long first, int size) {
    long begin = reg(WVR[n]) << 15 >> 15;
    long length;
    int mask = control >>> 24 & 31;
    if (mask == 1 || mask == 2) {
      return NONE;
    }
    if (mask != 0) {
      length = 1L << mask;
      begin &= -length;
    } else {
      // An address that isn't a multiple of 8 selects the bytes of one word.
      int select = control >>> 5 & ((begin & 4) != 0 ? 0xF : 0xFF);
      if (select == 0) {
        return NONE;
      }
      int skipped = Integer.numberOfTrailingZeros(select);
      begin += skipped;
      length = Integer.numberOfTrailingZeros(~(select >>> skipped));
    }
    // Distances instead of comparisons: either range may end at the top of the address space.
    long from = begin - first;
    if (from >= 0 && from < size) {
      return from;
    }
    return first - begin >= 0 && first - begin < length ? 0 : NONE;
  }

  /** Arm ARM, AArch64.StateMatch without linking: SSC, HMC, and PMC or PAC. */
  private boolean state(int control, int level, boolean breakpoint) {
    int security = control >>> 14 & 3;
    boolean higher = (control & 1 << 13) != 0;
    int privilege = control >>> 1 & 3;
    if (reserved(security, higher, privilege, breakpoint)) {
      return false;
    }
    boolean matches = switch (level) {
      case 0 -> (privilege & 2) != 0;
      case 1 -> (privilege & 1) != 0;
      case 2 -> higher && (security << 2 | privilege) != 8 || security == 3;
      default -> higher && (security & 1) == 0;
    };
    boolean secure = cpu.config.el3() && (cpu.el == 3 || (reg(SysReg.SCR_EL3) & Exceptions.SCR_NS) == 0);
    return matches && switch (security) {
      case 0 -> true;
      case 1 -> !secure;
      case 2 -> secure;
      default -> higher || secure;
    };
  }

  /** Arm ARM, CheckValidStateMatch. */
  private boolean reserved(int security, boolean higher, int privilege, boolean breakpoint) {
    boolean el2 = cpu.config.el2();
    boolean el3 = cpu.config.el3();
    int all = (higher ? 16 : 0) | security << 2 | privilege;
    return breakpoint && !higher && privilege == 0 && security != 3
        || !el3 && !el2 && (higher || security != 0)
        || !el3 && (security == 1 || security == 2) && all != 0b10100
        || !el3 && all == 0b11000
        || !el2 && all == 0b11100
        || all == 0b10100
        || all == 0b01110 || (all & 0b11101) == 0b10000 || all == 0b10110 || (all & 0b11011) == 0b11010;
  }
}
