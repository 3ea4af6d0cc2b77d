// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;

/** Register numbers and extensions as nodes use them. */
final class Registers {
  private Registers() {}

  /** Number 31 as a source that is XZR. */
  static int source(int number) {
    return number == 31 ? Cpu.ZERO : number;
  }

  /** Number 31 as a target that is XZR. */
  static int target(int number) {
    return number == 31 ? Cpu.SINK : number;
  }

  /** ExtendReg() without the shift: UXTB, UXTH, UXTW, UXTX, SXTB, SXTH, SXTW, SXTX. */
  static long extend(long value, int option) {
    return switch (option) {
      case 0 -> value & 0xFF;
      case 1 -> value & 0xFFFF;
      case 2 -> value & 0xFFFF_FFFFL;
      case 4 -> (byte) value;
      case 5 -> (short) value;
      case 6 -> (int) value;
      default -> value;
    };
  }

  /** Kind of a sign-extending load: log2 of the size, plus 4 if to 64 bits, plus 8 if to 32. */
  static int signedKind(int word) {
    return Fields.size(word) + ((word & 1 << 22) != 0 ? 8 : 4);
  }

  /** Sign extension of a loaded value by kind: see {@link #signedKind}. */
  static long signed(long value, int kind) {
    return switch (kind) {
      case 4 -> (byte) value;
      case 5 -> (short) value;
      case 6 -> (int) value;
      case 8 -> (byte) value & 0xFFFF_FFFFL;
      case 9 -> (short) value & 0xFFFF_FFFFL;
      default -> value;
    };
  }
}
