// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;

/** Single flags, and RFLAGS in AH and on the stack. */
final class FlagNodes {
  private FlagNodes() {}

  /** The action of an instruction that sets, keeps or loads flags; null if it is none. @param size bytes of what is pushed or popped */
  static SystemNodes.@Nullable Action flags(String mnemonic, int size) {
    return switch (mnemonic) {
      case "clc" -> (c, r) -> Arithmetic.carry(c, 0);
      case "stc" -> (c, r) -> Arithmetic.carry(c, 1);
      case "cmc" -> (c, r) -> Arithmetic.carry(c, c.carry() ? 0 : 1);
      case "cld" -> (c, r) -> c.flags &= ~FlagBits.DF;
      case "std" -> (c, r) -> c.flags |= FlagBits.DF;
      case "lahf" -> (c, r) -> r[CpuState.RAX] = r[CpuState.RAX] & ~0xFF00L | (c.rflags() & 0xFF) << 8;
      case "sahf" -> (c, r) -> {
        int kept = (int) c.rflags() & FlagBits.OF;
        c.arithmeticFlags((int) (r[CpuState.RAX] >>> 8) & 0xD5 | kept);
      };
      case "pushf" -> (c, r) -> {
        flagsOf8086(c);
        StackAccess.push(c, r, size, c.rflags() & ~(FlagBits.VM | FlagBits.RF));
      };
      case "popf" -> (c, r) -> popf(c, r, size);
      default -> null;
    };
  }

  /** PUSHF and POPF ask for IOPL 3 in virtual-8086 mode. */
  private static void flagsOf8086(Core c) {
    if (c.virtual8086() && c.ioLevel() < 3) {
      throw c.fault(ExceptionVector.GP, 0);
    }
  }

  private static void popf(Core c, long[] r, int size) {
    flagsOf8086(c);
    long value = StackAccess.pop(c, r, size);
    int mask = FlagBits.ARITHMETIC | FlagBits.TF | FlagBits.DF | FlagBits.NT;
    if (size != 2) {
      mask |= FlagBits.AC | FlagBits.ID | FlagBits.RF;
      value &= ~FlagBits.RF;
    }
    if (c.real() || c.cpl <= c.ioLevel()) {
      mask |= FlagBits.IF;
    }
    if (c.cpl == 0) {
      mask |= FlagBits.IOPL;
    }
    c.setFlags(value, mask);
  }
}
