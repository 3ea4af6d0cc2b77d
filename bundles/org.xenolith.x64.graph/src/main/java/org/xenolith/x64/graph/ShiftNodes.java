// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/** Shifts and rotations. */
final class ShiftNodes {
  private ShiftNodes() {}

  /** ROL, ROR, RCL, RCR, SHL, SHR, SAR. */
  static final class Shift extends Node {
    private final int operation;
    private final OperandPlace place;
    private final OperandPlace count;
    private final int size;
    private final int mask;

    Shift(int operation, IntegerOperands operands) {
      this.operation = operation;
      place = operands.place(0);
      count = operands.place(1);
      size = operands.bits(0);
      mask = size == 64 ? 63 : 31;
    }

    @Override
    public Node exec(Core c, long[] r) {
      int by = (int) count.load(c, r) & mask;
      long value = place.load(c, r);
      // What can fault comes before the flags.
      place.probe(c, r);
      if (by != 0) {
        place.store(c, r, Shifts.of(operation, c, value, by, size));
      } else if (size == 32 && place instanceof OperandPlace.Register) {
        // The upper half of the register is cleared all the same.
        place.store(c, r, value);
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  /** SHLD, SHRD. */
  static final class Double extends Node {
    private final boolean left;
    private final OperandPlace place;
    private final OperandPlace source;
    private final OperandPlace count;
    private final int size;

    Double(boolean left, IntegerOperands operands) {
      this.left = left;
      place = operands.place(0);
      source = operands.place(1);
      count = operands.place(2);
      size = operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      int by = (int) count.load(c, r) & (size == 64 ? 63 : 31);
      long value = place.load(c, r);
      place.probe(c, r);
      if (by == 0) {
        if (place instanceof OperandPlace.Register) {
          place.store(c, r, value);
        }
      } else {
        long from = source.load(c, r);
        place.store(c, r, left ? Shifts.shld(c, value, from, by, size) : Shifts.shrd(c, value, from, by, size));
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }
}
