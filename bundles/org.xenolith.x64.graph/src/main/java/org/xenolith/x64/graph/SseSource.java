// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/** Where a vector operand is: an XMM or MMX register, or memory. What was loaded stays in its fields. */
final class SseSource {
  /** Index of an XMM register's low word, or number of an MMX register; -1 for memory. */
  final int register;
  /** Memory, or null. */
  final OperandAddress address;
  /** Bytes in memory: 1 to 16. */
  final int bytes;
  private final boolean mmx;
  private final boolean aligned;

  /** The low word that was loaded. */
  long low;
  /** The high word. */
  long high;

  private SseSource(int register, @Nullable OperandAddress address, int bytes, boolean mmx, boolean aligned) {
    this.register = register;
    this.address = address;
    this.bytes = bytes;
    this.mmx = mmx;
    this.aligned = aligned;
  }

  /**
   * An operand of an instruction.
   *
   * @param aligned whether 16 bytes of memory must be aligned
   */
  static SseSource of(IntegerOperands operands, int number, boolean aligned) {
    Operand operand = operands.operand(number);
    Instruction insn = operands.insn();
    return switch (operand.kind()) {
      case P -> new SseSource(insn.reg() & 7, null, 8, true, false);
      case N -> new SseSource(insn.rm() & 7, null, 8, true, false);
      case V -> new SseSource(2 * insn.reg(), null, 16, false, false);
      case U -> new SseSource(2 * insn.rm(), null, 16, false, false);
      case Q -> insn.memory() ? memory(operands, number, false) : new SseSource(insn.rm() & 7, null, 8, true, false);
      case FIXED -> new SseSource(0, null, 16, false, false);
      default -> insn.memory() ? memory(operands, number, aligned) : new SseSource(2 * insn.rm(), null, 16, false, false);
    };
  }

  private static SseSource memory(IntegerOperands operands, int number, boolean aligned) {
    int bytes = operands.bits(number) >> 3;
    return new SseSource(-1, operands.address(), bytes, false, aligned && bytes == 16);
  }

  /** Loads it: what is shorter than 16 bytes in memory is zero-extended. May throw {@code CpuFault}. */
  void load(Core c, long[] r) {
    if (address == null) {
      if (mmx) {
        low = c.significand[register];
      } else {
        low = c.xmm[register];
        high = c.xmm[register + 1];
      }
      return;
    }
    long at = place(c, r, false);
    high = 0;
    switch (bytes) {
      case 1 -> low = c.load8(at);
      case 2 -> low = c.load16(at);
      case 4 -> low = c.load32(at);
      case 8 -> low = c.load64(at);
      default -> {
        low = c.load64(at);
        high = c.load64(c.wide(at + 8));
      }
    }
  }

  private long place(Core c, long[] r, boolean write) {
    long at = address.of(c, r, bytes, write);
    if (aligned && (at & 15) != 0) {
      throw c.fault(ExceptionVector.GP, 0);
    }
    return at;
  }

  /** Stores two words, or as many bytes as it has. May throw {@code CpuFault} before anything has changed. */
  void store(Core c, long[] r, long newLow, long newHigh) {
    if (address == null) {
      if (mmx) {
        c.significand[register] = newLow;
        c.exponent[register] = 0xFFFF;
      } else {
        c.xmm[register] = newLow;
        c.xmm[register + 1] = newHigh;
      }
      return;
    }
    long at = place(c, r, true);
    if (bytes == 16) {
      c.memory.probe(at, 16);
      c.store64(at, newLow);
      c.store64(c.wide(at + 8), newHigh);
    } else {
      StringNodes.store(c, at, bytes, newLow);
    }
  }

  boolean stack() {
    return address != null && address.stack();
  }

  /** Whether it is an MMX register. */
  boolean mmx() {
    return mmx;
  }
}
