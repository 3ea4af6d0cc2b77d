// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;

/**
 * What a virtual CPU keeps while another one executes: all registers of {@link CpuState}, what is pending between two instructions, and an event that is to be delivered again. Not in it: what the
 * host's software answers for itself (its model-specific registers, its interrupt controller), nested tables, nor the TLB, which are the physical CPU's. They are moved during a call of {@link HostPort}
 * that comes between two instructions.
 */
public final class GuestRegisters {
  /** Registers that are neither a general one nor of a segment, each by its place in {@link CpuState}. */
  public enum Register {
    /** Base of the global descriptor table. */
    GDT_BASE,
    /** Its limit. */
    GDT_LIMIT,
    /** Base of the interrupt descriptor table. */
    IDT_BASE,
    /** Its limit. */
    IDT_LIMIT,
    /** Level of privilege. */
    CPL,
    /** CR0. */
    CR0,
    /** CR2. */
    CR2,
    /** CR3. */
    CR3,
    /** CR4. */
    CR4,
    /** IA32_EFER. */
    EFER,
    /** XCR0. */
    XCR0,
    /** IA32_STAR. */
    STAR,
    /** IA32_LSTAR. */
    LSTAR,
    /** IA32_CSTAR. */
    CSTAR,
    /** IA32_FMASK. */
    FMASK,
    /** IA32_KERNEL_GS_BASE. */
    KERNEL_GS_BASE,
    /** IA32_TSC_AUX. */
    TSC_AUX,
    /** IA32_SYSENTER_CS. */
    SYSENTER_CS,
    /** IA32_SYSENTER_ESP. */
    SYSENTER_ESP,
    /** IA32_SYSENTER_EIP. */
    SYSENTER_EIP
  }

  private static final int PC = 16;
  private static final int FLAGS = 17;
  private static final int SYSTEM = 18;
  private static final int DEBUG = 46;
  private static final int SELECTORS = 54;
  private static final int ATTRIBUTES = 62;
  private static final int LIMITS = 70;
  private static final int BASES = 78;
  private static final int SIGNIFICANDS = 86;
  private static final int EXPONENTS = 94;
  private static final int VECTORS = 102;
  private static final int PENDING = 134;
  private static final int POINTERS = 138;
  private static final int KEYS = 142;
  private static final int WORDS = 144;
  private static final int RESET_CR0 = 0x6000_0010;

  private final long[] w;

  /** Registers of their own. They aren't part of any record, and all zero: {@link #reset} makes them those of a CPU after reset. */
  public GuestRegisters() {
    w = new long[WORDS];
  }

  /** Registers that are declared in their owner's state, in one field. */
  public GuestRegisters(DeviceState state, String name) {
    w = state.longs(name, WORDS);
  }

  /** Makes them those that a CPU has after reset (Intel SDM volume 3, table 11-1). */
  public void reset() {
    Arrays.fill(w, 0);
    w[FLAGS] = FlagBits.FIXED;
    w[SYSTEM + 1] = 0xFFFF;
    w[SYSTEM + 3] = 0xFFFF;
    w[SYSTEM + 5] = RESET_CR0;
    w[SYSTEM + 10] = 1;
    w[SYSTEM + 20] = 0x1F80;
    w[SYSTEM + 23] = 0x40;
    for (int segment = CpuState.ES; segment <= CpuState.GS; segment++) {
      segment(segment, 0, 0, 0xFFFF, segment == CpuState.CS ? 0x9B : 0x93);
    }
    segment(CpuState.LDTR, 0, 0, 0xFFFF, 0x82);
    segment(CpuState.TR, 0, 0, 0xFFFF, 0x8B);
    segment(CpuState.CS, 0xF000, 0xFFFF_0000L, 0xFFFF, 0x9B);
    w[PC] = 0xFFF0;
  }

  /** A general register, by its number in the encoding of instructions. */
  public long general(int number) {
    return w[number];
  }

  /** Sets one. */
  public void general(int number, long value) {
    w[number] = value;
  }

  /** RIP. */
  public long pc() {
    return w[PC];
  }

  /** Sets RIP. */
  public void pc(long value) {
    w[PC] = value;
  }

  /** RFLAGS. */
  public long flags() {
    return w[FLAGS];
  }

  /** Sets RFLAGS. */
  public void flags(long value) {
    w[FLAGS] = value & (FlagBits.SYSTEM | FlagBits.ARITHMETIC) | FlagBits.FIXED;
  }

  /** Sets CR0, CR3, CR4 and IA32_EFER, in values that a CPU can have. */
  public void control(long cr0, long cr3, long cr4, long efer) {
    w[SYSTEM + 5] = cr0 | ControlBits.ET;
    w[SYSTEM + 7] = cr3;
    w[SYSTEM + 8] = cr4;
    w[SYSTEM + 9] = efer;
  }

  /**
   * Sets a segment register; the level of privilege is SS's.
   *
   * @param segment    by the numbers of {@link CpuState}
   * @param limit      the last byte, scaled
   * @param attributes as {@link CpuState#attributes} has them
   */
  public void segment(int segment, int selector, long base, long limit, int attributes) {
    w[SELECTORS + segment] = selector;
    w[ATTRIBUTES + segment] = attributes;
    w[LIMITS + segment] = limit;
    w[BASES + segment] = base;
    if (segment == CpuState.SS) {
      w[SYSTEM + 4] = attributes >> 5 & 3;
    }
  }

  /** A register. */
  public long register(Register which) {
    return w[SYSTEM + which.ordinal()];
  }

  /** Sets one, in a value that a CPU can have. */
  public void register(Register which, long value) {
    w[SYSTEM + which.ordinal()] = value;
  }

  /** DR0 to DR7. */
  public long debug(int number) {
    return w[DEBUG + number];
  }

  /** Sets one of them. */
  public void debug(int number, long value) {
    w[DEBUG + number] = value;
  }

  /** Selector of a segment register. */
  public int selector(int segment) {
    return (int) w[SELECTORS + segment];
  }

  /** Attributes of a segment register. */
  public int attributes(int segment) {
    return (int) w[ATTRIBUTES + segment];
  }

  /** The last byte of a segment. */
  public long limit(int segment) {
    return w[LIMITS + segment];
  }

  /** Base of a segment. */
  public long base(int segment) {
    return w[BASES + segment];
  }

  /** Takes over all of another one. */
  public void take(GuestRegisters other) {
    System.arraycopy(other.w, 0, w, 0, WORDS);
  }

  /** Physical address of the four entries that a CPU with this CR0, CR3, CR4 and IA32_EFER keeps of its page tables (Intel SDM volume 3, 5.4.1); -1 if it keeps none. */
  public long pointersAt() {
    boolean keeps = (w[SYSTEM + 5] & ControlBits.PG) != 0 && (w[SYSTEM + 8] & ControlBits.PAE) != 0 && (w[SYSTEM + 9] & ControlBits.LME)
        == 0;
    return keeps ? w[SYSTEM + 7] & 0xFFFF_FFE0L : -1;
  }

  /** Sets one of these entries, 0 to 3. */
  public void pointer(int number, long entry) {
    w[POINTERS + number] = entry;
  }

  /** Takes those of the guest that the CPU was executing. */
  public void save(Core c) {
    System.arraycopy(c.r, 0, w, 0, 16);
    w[PC] = c.pc;
    w[FLAGS] = c.rflags();
    saveSystem(c);
    for (int i = 0; i < 8; i++) {
      w[DEBUG + i] = c.dr[i];
      w[SELECTORS + i] = c.selector[i];
      w[ATTRIBUTES + i] = c.attributes[i];
      w[LIMITS + i] = c.limit[i];
      w[BASES + i] = c.base[i];
      w[SIGNIFICANDS + i] = c.significand[i];
      w[EXPONENTS + i] = c.exponent[i];
    }
    System.arraycopy(c.xmm, 0, w, VECTORS, 32);
    w[PENDING] = c.inputs.pendingBetween();
    w[PENDING + 1] = c.breakpoints.hit;
    w[PENDING + 2] = c.host.kept();
    w[PENDING + 3] = c.host.keptError();
    System.arraycopy(c.mmu.pointers(), 0, w, POINTERS, 4);
    w[KEYS] = c.pkru;
    w[KEYS + 1] = c.pkrs;
  }

  private void saveSystem(Core c) {
    int at = SYSTEM;
    w[at++] = c.gdtBase;
    w[at++] = c.gdtLimit;
    w[at++] = c.idtBase;
    w[at++] = c.idtLimit;
    w[at++] = c.cpl;
    w[at++] = c.cr0;
    w[at++] = c.cr2;
    w[at++] = c.cr3;
    w[at++] = c.cr4;
    w[at++] = c.efer;
    w[at++] = c.xcr0;
    w[at++] = c.star;
    w[at++] = c.lstar;
    w[at++] = c.cstar;
    w[at++] = c.fmask;
    w[at++] = c.kernelGsBase;
    w[at++] = c.tscAux;
    w[at++] = c.sysenterCs;
    w[at++] = c.sysenterEsp;
    w[at++] = c.sysenterEip;
    w[at++] = c.mxcsr;
    w[at++] = c.valid;
    w[at++] = c.top;
    w[at++] = c.controlWord;
    w[at++] = c.statusWord;
    w[at++] = c.lastOpcode;
    w[at++] = c.lastInstruction;
    w[at++] = c.lastData;
  }

  /** Puts them on the CPU. What was translated is forgotten. */
  public void load(Core c) {
    System.arraycopy(w, 0, c.r, 0, 16);
    c.pc = w[PC];
    c.rflags(w[FLAGS]);
    loadSystem(c);
    for (int i = 0; i < 8; i++) {
      c.dr[i] = w[DEBUG + i];
      c.selector[i] = (int) w[SELECTORS + i];
      c.attributes[i] = (int) w[ATTRIBUTES + i];
      c.limit[i] = w[LIMITS + i];
      c.base[i] = w[BASES + i];
      c.significand[i] = w[SIGNIFICANDS + i];
      c.exponent[i] = (int) w[EXPONENTS + i];
    }
    System.arraycopy(w, VECTORS, c.xmm, 0, 32);
    c.inputs.pendingBetween(w[PENDING]);
    c.breakpoints.hit = (int) w[PENDING + 1];
    c.host.keptEvent((int) w[PENDING + 2], (int) w[PENDING + 3]);
    System.arraycopy(w, POINTERS, c.mmu.pointers(), 0, 4);
    c.pkru = (int) w[KEYS];
    c.pkrs = (int) w[KEYS + 1];
    c.mmu.flushAll();
    c.registersChanged();
  }

  private void loadSystem(Core c) {
    int at = SYSTEM;
    c.gdtBase = w[at++];
    c.gdtLimit = (int) w[at++];
    c.idtBase = w[at++];
    c.idtLimit = (int) w[at++];
    c.cpl = (int) w[at++];
    c.cr0 = w[at++];
    c.cr2 = w[at++];
    c.cr3 = w[at++];
    c.cr4 = w[at++];
    c.efer = w[at++];
    c.xcr0 = w[at++];
    c.star = w[at++];
    c.lstar = w[at++];
    c.cstar = w[at++];
    c.fmask = w[at++];
    c.kernelGsBase = w[at++];
    c.tscAux = w[at++];
    c.sysenterCs = w[at++];
    c.sysenterEsp = w[at++];
    c.sysenterEip = w[at++];
    c.mxcsr = (int) w[at++];
    c.valid = (int) w[at++];
    c.top = (int) w[at++];
    c.controlWord = (int) w[at++];
    c.statusWord = (int) w[at++];
    c.lastOpcode = (int) w[at++];
    c.lastInstruction = w[at++];
    c.lastData = w[at++];
  }
}
