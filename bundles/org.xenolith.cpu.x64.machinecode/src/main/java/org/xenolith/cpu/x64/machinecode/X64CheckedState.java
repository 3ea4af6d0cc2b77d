// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64State;

/** What code changes of a CPU besides memory: general registers, flags, the bases that SWAPGS exchanges, XMM registers and MXCSR. */
final class X64CheckedState {
  private static final int GENERAL = 16;
  private static final int VECTORS = 32;
  private static final String[] NAMES = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
      "r14", "r15"};

  private final long[] registers = new long[GENERAL];
  private final long[] vectors = new long[VECTORS];
  private long pc;
  private long flags;
  private long gsBase;
  private long kernelGsBase;
  private int mxcsr;

  /** What code has; of what it hasn't, the CPU's fields are right. */
  void ofCode(X64Core c, X64NativeState state) {
    for (int i = 0; i < GENERAL; i++) {
      registers[i] = state.word(X64StateLayout.general(i));
    }
    long arithmetic = state.word(X64StateLayout.FLAGS);
    long system = c.flags & ~X64Flags.IF | state.word(X64StateLayout.SYSTEM_FLAGS) & X64Flags.IF;
    flags = system | X64Flags.FIXED | arithmetic >>> 8 & X64Flags.ARITHMETIC & 0xFF | (arithmetic & 1) << 11;
    gsBase = state.word(X64StateLayout.GS_BASE);
    kernelGsBase = state.word(X64StateLayout.KERNEL_GS_BASE);
    long open = state.word(X64StateLayout.VECTORS_OPEN);
    for (int i = 0; i < VECTORS; i++) {
      vectors[i] = open == 0 ? c.xmm[i] : state.word(X64StateLayout.VECTORS + 8 * i);
    }
    mxcsr = open == 2 ? (int) state.word(X64StateLayout.MXCSR) : c.mxcsr;
  }

  /** What the CPU's fields are. */
  void of(X64Core c) {
    System.arraycopy(c.r, 0, registers, 0, GENERAL);
    System.arraycopy(c.xmm, 0, vectors, 0, VECTORS);
    flags = c.rflags();
    gsBase = c.base[X64State.GS];
    kernelGsBase = c.kernelGsBase;
    mxcsr = c.mxcsr;
  }

  void pc(long address) {
    pc = address;
  }

  /** The CPU's fields become this. */
  void put(X64Core c) {
    System.arraycopy(registers, 0, c.r, 0, GENERAL);
    System.arraycopy(vectors, 0, c.xmm, 0, VECTORS);
    c.rflags(flags);
    c.base[X64State.GS] = gsBase;
    c.kernelGsBase = kernelGsBase;
    c.mxcsr = mxcsr;
  }

  /** How another one, code's, differs from this, the interpreter's, a line each. */
  String differences(X64CheckedState code) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GENERAL; i++) {
      add(text, NAMES[i], registers[i], code.registers[i]);
    }
    add(text, "rip", pc, code.pc);
    add(text, "rflags", flags, code.flags);
    add(text, "gs base", gsBase, code.gsBase);
    add(text, "kernel gs base", kernelGsBase, code.kernelGsBase);
    add(text, "mxcsr", mxcsr, code.mxcsr);
    for (int i = 0; i < VECTORS; i++) {
      add(text, "xmm" + i / 2 + ((i & 1) == 0 ? "" : " high"), vectors[i], code.vectors[i]);
    }
    return text.toString();
  }

  private static void add(StringBuilder text, String what, long one, long other) {
    if (one != other) {
      text.append("  %s: 0x%x, 0x%x%n".formatted(what, one, other));
    }
  }
}
