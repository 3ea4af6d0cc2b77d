// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.nio.ByteBuffer;

/**
 * What a sequence starts from and leaves behind, as 100 doublewords: X0 to X30, SP, V0 to V31 (low half first), NZCV, FPCR,
 * FPSR, and the address of the sequence. The results of a run are followed by the scratch memory.
 */
final class State {
  static final int SP = 31;
  static final int V = 32;
  static final int NZCV = 96;
  static final int FPCR = 97;
  static final int FPSR = 98;
  static final int ENTRY = 99;
  static final int WORDS = 100;
  static final int BYTES = 8 * WORDS;

  private State() {}

  static String name(int index) {
    return index < 31 ? "X" + index : index == SP ? "SP" : index < NZCV ? "V" + (index - V) / 2 + ((index & 1) == 0 ? ".low" : ".high")
        : index == NZCV ? "NZCV" : index == FPCR ? "FPCR" : index == FPSR ? "FPSR" : "memory + 0x" + Integer.toHexString((index - WORDS)
            * 8);
  }

  static long[] read(ByteBuffer buffer, int words) {
    long[] state = new long[words];
    buffer.asLongBuffer().get(state);
    return state;
  }
}
