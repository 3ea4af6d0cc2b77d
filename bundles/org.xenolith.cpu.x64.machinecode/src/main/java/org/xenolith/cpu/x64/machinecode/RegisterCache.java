// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;

/**
 * The guest's general registers in code: some have a register of the host's, the others are words in memory. RAX, RCX and RDX of the host are anybody's; RBP is the state's
 * address, R15 what is left of the instructions. XMM registers are the host's of the same numbers, while code has them ({@link StateLayout#VECTORS_OPEN}). Nothing of what
 * instructions use here changes the host's flags.
 */
final class RegisterCache {
  /** Those that have one of the host's, by their number in the encoding: what compilers take first. */
  private static final int[] OFTEN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12};
  private static final int[] HOST = {X64.RBX, 8, 9, 10, 11, 12, X64.RSI, X64.RDI, 13, 14};
  private static final int MEMORY = -1;
  private static final int VECTORS = 16;

  private final X64 code;
  private final int[] host = new int[16];

  RegisterCache(X64 code) {
    this.code = code;
    java.util.Arrays.fill(host, MEMORY);
    for (int i = 0; i < OFTEN.length; i++) {
      host[OFTEN[i]] = HOST[i];
    }
  }

  /** The host's register, or a negative number. */
  int host(int register) {
    return host[register];
  }

  /** Emits what fills those of the host's. Flags are lost. */
  void fill() {
    vectors(true);
    for (int i = 0; i < OFTEN.length; i++) {
      code.load(true, HOST[i], X64.RBP, StateLayout.general(OFTEN[i]));
    }
  }

  /** Emits what stores those of the host's. Flags are lost. */
  void spill() {
    vectors(false);
    for (int i = 0; i < OFTEN.length; i++) {
      code.store(true, HOST[i], X64.RBP, StateLayout.general(OFTEN[i]));
    }
  }

  private void vectors(boolean fill) {
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.VECTORS_OPEN, 0);
    int none = code.jumpIf(X64.E);
    for (int i = 0; i < VECTORS; i++) {
      // MOVAPS
      code.rex(false, i, 0, X64.RBP);
      code.byteOf(0x0F);
      code.byteOf(fill ? 0x28 : 0x29);
      code.modMemory(i, X64.RBP, StateLayout.vector(i));
    }
    code.patchJump(none, code.at());
  }

  /** Has a register's value in one of the host's, which must not be changed; {@code spare} is taken if it has none. */
  int source(int register, int spare) {
    if (host[register] >= 0) {
      return host[register];
    }
    code.load(true, spare, X64.RBP, StateLayout.general(register));
    return spare;
  }

  /** The host's register where a new value is computed, then {@link #set}: {@code spare} if it has none. */
  int target(int register, int spare) {
    return host[register] >= 0 ? host[register] : spare;
  }

  /** Copies a register. */
  void load(int to, int register) {
    if (host[register] >= 0) {
      code.move(true, to, host[register]);
    } else {
      code.load(true, to, X64.RBP, StateLayout.general(register));
    }
  }

  /** A register becomes what one of the host's is. */
  void set(int register, int from) {
    if (host[register] < 0) {
      code.store(true, from, X64.RBP, StateLayout.general(register));
    } else if (host[register] != from) {
      code.move(true, host[register], from);
    }
  }

  /** Has AH, CH, DH or BH, by its number in the encoding, in the low byte of one of the host's. */
  void loadHigh(int to, int number) {
    int register = number - 4;
    if (host[register] >= 0) {
      code.store(true, host[register], X64.RBP, StateLayout.general(register));
    }
    code.loadByte(to, X64.RBP, StateLayout.general(register) + 1);
  }

  /** AH, CH, DH or BH, which was read by {@link #loadHigh} before, becomes the low byte of one of the host's. */
  void setHigh(int number, int from) {
    int register = number - 4;
    if (host[register] >= 0) {
      code.store(true, host[register], X64.RBP, StateLayout.general(register));
    }
    code.storeByte(from, X64.RBP, StateLayout.general(register) + 1);
    if (host[register] >= 0) {
      code.load(true, host[register], X64.RBP, StateLayout.general(register));
    }
  }
}
