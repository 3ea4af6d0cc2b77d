// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.Set;
import org.xenolith.machine.kit.CountedProcessor;
import org.xenolith.machine.kit.FaultLoop;
import org.xenolith.regs.DeviceState;

/**
 * The registers of an x86-64 CPU, in public fields. Arithmetic flags are kept as what they follow from, so that an instruction that sets them stores words
 * and decides nothing: {@link #zero}, {@link #sign}, {@link #parity}, {@link #carries}. Everything else of RFLAGS is in {@link #flags}.
 */
public abstract sealed class CpuState extends CountedProcessor permits Modes {
  /** Number of RAX in {@link #r}; the others follow in their encoding's order. */
  public static final int RAX = 0;
  /** Number of RCX. */
  public static final int RCX = 1;
  /** Number of RDX. */
  public static final int RDX = 2;
  /** Number of RBX. */
  public static final int RBX = 3;
  /** Number of RSP. */
  public static final int RSP = 4;
  /** Number of RBP. */
  public static final int RBP = 5;
  /** Number of RSI. */
  public static final int RSI = 6;
  /** Number of RDI. */
  public static final int RDI = 7;
  /** Number of the word in {@link #r} that is 0. */
  public static final int ZERO = 16;
  /** Number of the word in {@link #r} that is the linear address of the page that is being executed; current in runs only. */
  public static final int PAGE = 17;
  /** Number of the word in {@link #base} that is 0: of memory operands in segments that don't count. */
  public static final int NO_SEGMENT = 8;
  /** Number of ES in {@link #selector}. */
  public static final int ES = 0;
  /** Number of CS. */
  public static final int CS = 1;
  /** Number of SS. */
  public static final int SS = 2;
  /** Number of DS. */
  public static final int DS = 3;
  /** Number of FS. */
  public static final int FS = 4;
  /** Number of GS. */
  public static final int GS = 5;
  /** Number of LDTR. */
  public static final int LDTR = 6;
  /** Number of TR. */
  public static final int TR = 7;

  /** General registers; then two words that operands may name like them, always 0 and the linear address of the page that is being executed. */
  public final long[] r = new long[18];
  /** RIP of the next instruction, an offset in CS; current only between runs and at call-outs that say so. */
  public long pc;

  /** ZF is set if this is 0. */
  public long zero = 1;
  /** SF: its sign bit. */
  public long sign;
  /** PF: the parity of its low byte. */
  public long parity = 1;
  /**
   * Carries of the last addition, or borrows of the last subtraction, moved up so that the one out of the top bit is bit 63: CF is bit 63, OF is bit 63 XOR
   * bit 62.
   */
  public long carries;
  /** AF: bit 4, so that it can be operand XOR operand XOR result. */
  public long adjust;
  /** RFLAGS without its arithmetic flags: bits of {@link FlagBits#SYSTEM}. */
  public int flags;

  /** Selectors of ES, CS, SS, DS, FS, GS, LDTR, TR. */
  public final int[] selector = state().ints("selector", 8);
  /** Bases of the same: linear addresses. */
  public final long[] base = state().longs("base", 9);
  /** Limits of the same: the offset of the last byte, scaled by G. */
  public final long[] limit = state().longs("limit", 8);
  /** Attributes of the same: bits 40 to 55 of a descriptor moved down by 40, without the limit: type 3:0, S 4, DPL 6:5, P 7, AVL 12, L 13, D/B 14, G 15. 0 for a null selector. */
  public final int[] attributes = state().ints("attributes", 8);
  /** Base of the GDT. */
  public long gdtBase;
  /** Limit of the GDT. */
  public int gdtLimit;
  /** Base of the IDT. */
  public long idtBase;
  /** Limit of the IDT. */
  public int idtLimit;
  /** Current privilege level. */
  public int cpl;

  /** CR0. */
  public long cr0;
  /** CR2: the linear address of the last page fault. */
  public long cr2;
  /** CR3. */
  public long cr3;
  /** CR4. */
  public long cr4;
  /** IA32_EFER. */
  public long efer;
  /** XCR0. */
  public long xcr0 = 1;
  /** Debug registers 0 to 7; 4 and 5 are 6 and 7. */
  public final long[] dr = state().longs("dr", 8);

  /** IA32_STAR. */
  public long star;
  /** IA32_LSTAR. */
  public long lstar;
  /** IA32_CSTAR: kept, and used by nobody on Intel's. */
  public long cstar;
  /** IA32_FMASK. */
  public long fmask;
  /** IA32_KERNEL_GS_BASE. */
  public long kernelGsBase;
  /** IA32_TSC_AUX. */
  public long tscAux;
  /** IA32_SYSENTER_CS. */
  public long sysenterCs;
  /** IA32_SYSENTER_ESP. */
  public long sysenterEsp;
  /** IA32_SYSENTER_EIP. */
  public long sysenterEip;

  /** PKRU: for each protection key of user pages whether accesses, and whether stores, are disabled. */
  public int pkru;
  /** IA32_PKRS: the same of supervisor pages. */
  public int pkrs;

  /** XMM registers: low half of XMMn at 2n, high half at 2n+1. */
  public final long[] xmm = state().longs("xmm", 32);
  /** MXCSR. */
  public int mxcsr = 0x1F80;
  /** Significands of the x87's registers R0 to R7 (not of the stack: ST(i) is R(top + i)), which are the MMX registers. */
  public final long[] significand = state().longs("significand", 8);
  /** Their signs and exponents: 16 bits. */
  public final int[] exponent = state().ints("exponent", 8);
  /** Which of them hold a value: bit n is set if R(n) isn't empty. */
  public int valid;
  /** The number of the register that is ST(0): TOP. */
  public int top;
  /** x87 control word. */
  public int controlWord = 0x37F;
  /** x87 status word without TOP, which is in {@link #top}. */
  public int statusWord;
  /** Opcode of the last x87 instruction, 11 bits. */
  public int lastOpcode;
  /** Offset of the last x87 instruction; its selector in bits 63:48 where one is kept. */
  public long lastInstruction;
  /** Offset of its memory operand. */
  public long lastData;

  /** Declares the state. */
  CpuState(int index) {
    super(index, new FaultLoop(ExceptionVector::text, Set.of("retired"), Set.of("r" + RSP, "cr2")));
    DeviceState state = state();
    for (int i = 0; i < 16; i++) {
      int number = i;
      state.value("r" + i, 0, () -> r[number], value -> r[number] = value);
    }
    state.value("pc", 0, () -> pc, value -> pc = value);
    state.value("rflags", FlagBits.FIXED, this::rflags, this::rflags);
    state.value("gdtBase", 0, () -> gdtBase, value -> gdtBase = value);
    state.value("gdtLimit", 0xFFFF, () -> gdtLimit, value -> gdtLimit = (int) value);
    state.value("idtBase", 0, () -> idtBase, value -> idtBase = value);
    state.value("idtLimit", 0xFFFF, () -> idtLimit, value -> idtLimit = (int) value);
    state.value("cpl", 0, () -> cpl, value -> cpl = (int) value);
    state.value("cr0", 0x6000_0010, () -> cr0, value -> cr0 = value);
    state.value("cr2", 0, () -> cr2, value -> cr2 = value);
    state.value("cr3", 0, () -> cr3, value -> cr3 = value);
    state.value("cr4", 0, () -> cr4, value -> cr4 = value);
    state.value("efer", 0, () -> efer, value -> efer = value);
    state.value("xcr0", 1, () -> xcr0, value -> xcr0 = value);
    state.value("star", 0, () -> star, value -> star = value);
    state.value("lstar", 0, () -> lstar, value -> lstar = value);
    state.value("cstar", 0, () -> cstar, value -> cstar = value);
    state.value("fmask", 0, () -> fmask, value -> fmask = value);
    state.value("kernelGsBase", 0, () -> kernelGsBase, value -> kernelGsBase = value);
    state.value("tscAux", 0, () -> tscAux, value -> tscAux = value);
    state.value("sysenterCs", 0, () -> sysenterCs, value -> sysenterCs = value);
    state.value("sysenterEsp", 0, () -> sysenterEsp, value -> sysenterEsp = value);
    state.value("sysenterEip", 0, () -> sysenterEip, value -> sysenterEip = value);
    state.value("pkru", 0, () -> pkru, value -> pkru = (int) value);
    state.value("pkrs", 0, () -> pkrs, value -> pkrs = (int) value);
    state.added("pkru");
    state.added("pkrs");
    state.value("mxcsr", 0x1F80, () -> mxcsr, value -> mxcsr = (int) value);
    state.value("valid", 0, () -> valid, value -> valid = (int) value);
    state.value("top", 0, () -> top, value -> top = (int) value);
    state.value("controlWord", 0x40, () -> controlWord, value -> controlWord = (int) value);
    state.value("statusWord", 0, () -> statusWord, value -> statusWord = (int) value);
    state.value("lastOpcode", 0, () -> lastOpcode, value -> lastOpcode = (int) value);
    state.value("lastInstruction", 0, () -> lastInstruction, value -> lastInstruction = value);
    state.value("lastData", 0, () -> lastData, value -> lastData = value);
  }

  /** CF. */
  public final boolean carry() {
    return carries < 0;
  }

  /** OF. */
  public final boolean overflow() {
    return (carries ^ carries << 1) < 0;
  }

  /** PF. */
  public final boolean evenParity() {
    return (Integer.bitCount((int) parity & 0xFF) & 1) == 0;
  }

  /** RFLAGS. */
  public final long rflags() {
    return flags | FlagBits.FIXED | (carries >>> 63) | (evenParity() ? FlagBits.PF : 0) | adjust & FlagBits.AF | (zero == 0 ? FlagBits.ZF
        : 0)
        | (sign < 0 ? FlagBits.SF : 0) | (overflow() ? FlagBits.OF : 0);
  }

  /** Sets RFLAGS; bits that can't be set are left out. What depends on them is for who calls to tell ({@link Core#setFlags}). */
  public final void rflags(long value) {
    flags = (int) value & FlagBits.SYSTEM;
    arithmeticFlags((int) value);
  }

  /** Sets CF, PF, AF, ZF, SF and OF. */
  public final void arithmeticFlags(int value) {
    zero = ~value & FlagBits.ZF;
    sign = (long) value << 56;
    parity = (value & FlagBits.PF) != 0 ? 0 : 1;
    adjust = value;
    carries(value & 1, value >>> 11 & 1);
  }

  /** Sets CF and OF, each 0 or 1. */
  public final void carries(long carry, long overflow) {
    carries = carry << 63 | (carry ^ overflow) << 62;
  }

  // ---- x87

  /** FNINIT. */
  public final void initializeX87() {
    controlWord = 0x37F;
    statusWord = 0;
    top = 0;
    valid = 0;
    lastOpcode = 0;
    lastInstruction = 0;
    lastData = 0;
  }

  /** The control or status word was loaded: ES and B follow from the exceptions that aren't masked. */
  public final void x87Summary() {
    boolean pending = (statusWord & ~controlWord & 0x3F) != 0;
    statusWord = statusWord & 0x7F7F | (pending ? 0x8080 : 0);
  }
}
