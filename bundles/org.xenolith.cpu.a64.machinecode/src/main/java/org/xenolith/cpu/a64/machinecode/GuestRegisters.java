// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.hostcode.kit.X64;

/**
 * The guest's general registers in code: some have a register of the host's, the others are words in memory. A number is that of
 * {@code Cpu.x}: {@link Cpu#ZERO} is read as zero and never written. RAX, RCX and RDX are anybody's.
 */
final class GuestRegisters {
  /** Those that have a register of the host's: what compilers take first where nothing is called, which is where loops are hot. */
  private static final int[] OFTEN = {0, 1, 2, 3, 4, 5, 6, 7, 8, Cpu.SP};
  private static final int[] HOST = {X64.RBX, X64.RSI, X64.RDI, 8, 9, 10, 11, 12, 13, 14};
  private static final int MEMORY = -1;

  private final X64 code;
  private final int[] host = new int[Cpu.ZERO + 1];

  GuestRegisters(X64 code) {
    this.code = code;
    java.util.Arrays.fill(host, MEMORY);
    for (int i = 0; i < OFTEN.length; i++) {
      host[OFTEN[i]] = HOST[i];
    }
  }

  /** Register 31 as XZR. */
  static int orZero(int number) {
    return number == 31 ? Cpu.ZERO : number;
  }

  /** The host's register, or a negative number. */
  int host(int register) {
    return host[register];
  }

  /** Emits what fills those of the host's. */
  void fill() {
    for (int i = 0; i < OFTEN.length; i++) {
      code.load(true, HOST[i], X64.RBP, StateLayout.general(OFTEN[i]));
    }
  }

  /** Emits what stores those of the host's. */
  void spill() {
    for (int i = 0; i < OFTEN.length; i++) {
      code.store(true, HOST[i], X64.RBP, StateLayout.general(OFTEN[i]));
    }
  }

  /** Has a register's value in one of the host's, which must not be changed; {@code spare} is taken if it has none. */
  int source(int register, int spare) {
    if (host[register] >= 0) {
      return host[register];
    }
    load(true, spare, register);
    return spare;
  }

  /** Copies a register; its upper half may be anything if it isn't wide. */
  void load(boolean wide, int to, int register) {
    if (register == Cpu.ZERO) {
      code.constant(to, 0);
    } else if (host[register] < 0) {
      code.load(true, to, X64.RBP, StateLayout.general(register));
    } else if (host[register] != to) {
      code.move(wide, to, host[register]);
    }
  }

  /** Copies a register, or its zero-extended lower half. */
  void copy(boolean wide, int to, int register) {
    if (!wide && host[register] == to) {
      code.move(false, to, to);
    } else if (!wide && register != Cpu.ZERO && host[register] < 0) {
      code.load(false, to, X64.RBP, StateLayout.general(register));
    } else {
      load(wide, to, register);
    }
  }

  /** Has a register, rotated right by at least 1. Flags may be lost. */
  void rotated(boolean wide, int to, int register, int count) {
    if (register == Cpu.ZERO) {
      code.constant(to, 0);
    } else if (host[register] < 0) {
      code.rotatedMemory(wide, to, X64.RBP, StateLayout.general(register), count);
    } else {
      code.rotated(wide, to, host[register], count);
    }
  }

  /** Where a register's new value may be computed; then it is {@link #set}. */
  int target(int register) {
    return host[register] >= 0 ? host[register] : X64.RAX;
  }

  /** A register becomes what one of the host's is. Flags stay. */
  void set(int register, int from) {
    if (register == Cpu.ZERO) {
      return;
    }
    if (host[register] < 0) {
      code.store(true, from, X64.RBP, StateLayout.general(register));
    } else if (host[register] != from) {
      code.move(true, host[register], from);
    }
  }

  /**
   * Emits arithmetic of one of the host's registers, other than RCX, with a guest's, at the cost of RCX. The word is loaded by itself: hosts hand a
   * word that was just stored on from one MOV to another at once, but have it come by the cache, many cycles later, for arithmetic with memory.
   */
  void apply(int op, boolean wide, int to, int register) {
    if (register == Cpu.ZERO) {
      code.arithmeticConstant(op, wide, to, 0);
    } else if (host[register] < 0) {
      code.load(wide, X64.RCX, X64.RBP, StateLayout.general(register));
      code.arithmetic(op, wide, to, X64.RCX);
    } else {
      code.arithmetic(op, wide, to, host[register]);
    }
  }

  /** Adds a constant. */
  void add(int register, int value) {
    if (host[register] < 0) {
      code.arithmeticMemoryConstant(X64.ADD, true, X64.RBP, StateLayout.general(register), value);
    } else {
      code.address(true, host[register], host[register], value);
    }
  }

  /** Adds another register, at the cost of RAX. */
  void addRegister(int register, int other) {
    int from = source(other, X64.RAX);
    if (host[register] < 0) {
      code.arithmeticToMemory(X64.ADD, true, from, X64.RBP, StateLayout.general(register));
    } else {
      code.arithmetic(X64.ADD, true, host[register], from);
    }
  }
}
