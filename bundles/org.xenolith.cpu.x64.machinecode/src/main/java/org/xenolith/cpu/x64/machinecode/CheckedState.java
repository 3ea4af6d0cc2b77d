// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;

/** What code changes of a CPU besides memory: general registers, flags, the bases that SWAPGS exchanges, XMM registers and MXCSR. */
final class CheckedState {
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
  void ofCode(Core c, NativeState state) {
    for (int i = 0; i < GENERAL; i++) {
      registers[i] = state.word(StateLayout.general(i));
    }
    long arithmetic = state.word(StateLayout.FLAGS);
    long system = c.flags & ~FlagBits.IF | state.word(StateLayout.SYSTEM_FLAGS) & FlagBits.IF;
    flags = system | FlagBits.FIXED | arithmetic >>> 8 & FlagBits.ARITHMETIC & 0xFF | (arithmetic & 1) << 11;
    gsBase = state.word(StateLayout.GS_BASE);
    kernelGsBase = state.word(StateLayout.KERNEL_GS_BASE);
    long open = state.word(StateLayout.VECTORS_OPEN);
    for (int i = 0; i < VECTORS; i++) {
      vectors[i] = open == 0 ? c.xmm[i] : state.word(StateLayout.VECTORS + 8 * i);
    }
    mxcsr = open == 2 ? (int) state.word(StateLayout.MXCSR) : c.mxcsr;
  }

  /** What the CPU's fields are. */
  void of(Core c) {
    System.arraycopy(c.r, 0, registers, 0, GENERAL);
    System.arraycopy(c.xmm, 0, vectors, 0, VECTORS);
    flags = c.rflags();
    gsBase = c.base[CpuState.GS];
    kernelGsBase = c.kernelGsBase;
    mxcsr = c.mxcsr;
  }

  void pc(long address) {
    pc = address;
  }

  /** The CPU's fields become this. */
  void put(Core c) {
    System.arraycopy(registers, 0, c.r, 0, GENERAL);
    System.arraycopy(vectors, 0, c.xmm, 0, VECTORS);
    c.rflags(flags);
    c.base[CpuState.GS] = gsBase;
    c.kernelGsBase = kernelGsBase;
    c.mxcsr = mxcsr;
  }

  /** How another one, code's, differs from this, the interpreter's, a line each. */
  String differences(CheckedState code) {
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
