// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/** ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, INC, DEC, NEG, NOT. */
final class AluNodes {
  private AluNodes() {}

  static Node create(int operation, IntegerOperands operands) {
    int size = operands.bits(0);
    OperandPlace destination = operands.place(0);
    OperandPlace source = operands.place(1);
    boolean stores = operation != Arithmetic.CMP && operation != Arithmetic.TEST;
    if (destination instanceof OperandPlace.Register to) {
      if (source instanceof OperandPlace.Register from) {
        boolean clears = from.number == to.number && size >= 32 && operation == Arithmetic.XOR;
        return clears ? new Clear(to.number) : stores ? new Registers(operation, to, from, size) : new CompareRegisters(operation, to, from,
            size);
      }
      if (source instanceof OperandPlace.Immediate constant) {
        return stores ? new Constant(operation, to, constant, size) : new CompareConstant(operation, to, constant, size);
      }
    }
    return stores ? new Stored(operation, destination, source, size) : new Compared(operation, destination, source, size);
  }

  /** Of any operands. */
  private static final class Stored extends Node {
    private final int operation;
    private final OperandPlace destination;
    private final OperandPlace source;
    private final int up;

    Stored(int operation, OperandPlace destination, OperandPlace source, int size) {
      this.operation = operation;
      this.destination = destination;
      this.source = source;
      up = 64 - size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long y = source.load(c, r) << up;
      long x = destination.load(c, r) << up;
      // What can fault comes before the flags.
      destination.probe(c, r);
      destination.store(c, r, Arithmetic.of(operation, c, x, y, up) >>> up);
      return next;
    }

    @Override
    public boolean usesStack() {
      return destination.stack() || source.stack();
    }
  }

  private static final class Compared extends Node {
    private final int operation;
    private final OperandPlace first;
    private final OperandPlace second;
    private final int up;

    Compared(int operation, OperandPlace first, OperandPlace second, int size) {
      this.operation = operation;
      this.first = first;
      this.second = second;
      up = 64 - size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long x = first.load(c, r) << up;
      long y = second.load(c, r) << up;
      if (operation == Arithmetic.CMP) {
        Arithmetic.subtract(c, x, y, 0, up);
      } else {
        Arithmetic.logic(c, x & y, up);
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return first.stack() || second.stack();
    }
  }

  private static final class Registers extends Node {
    private final int operation;
    private final int to;
    private final int from;
    private final int up;
    private final long keep;

    Registers(int operation, OperandPlace.Register to, OperandPlace.Register from, int size) {
      this.operation = operation;
      this.to = to.number;
      this.from = from.number;
      keep = to.keep;
      up = 64 - size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long old = r[to];
      r[to] = old & keep | Arithmetic.of(operation, c, old << up, r[from] << up, up) >>> up;
      return next;
    }
  }

  private static final class Constant extends Node {
    private final int operation;
    private final int to;
    private final long constant;
    private final int up;
    private final long keep;

    Constant(int operation, OperandPlace.Register to, OperandPlace.Immediate constant, int size) {
      this.operation = operation;
      this.to = to.number;
      keep = to.keep;
      up = 64 - size;
      this.constant = constant.value << up;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long old = r[to];
      r[to] = old & keep | Arithmetic.of(operation, c, old << up, constant, up) >>> up;
      return next;
    }
  }

  private static final class CompareRegisters extends Node {
    private final boolean test;
    private final int first;
    private final int second;
    private final int up;

    CompareRegisters(int operation, OperandPlace.Register first, OperandPlace.Register second, int size) {
      test = operation == Arithmetic.TEST;
      this.first = first.number;
      this.second = second.number;
      up = 64 - size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long x = r[first] << up;
      long y = r[second] << up;
      if (test) {
        Arithmetic.logic(c, x & y, up);
      } else {
        Arithmetic.subtract(c, x, y, 0, up);
      }
      return next;
    }
  }

  private static final class CompareConstant extends Node {
    private final boolean test;
    private final int first;
    private final long constant;
    private final int up;

    CompareConstant(int operation, OperandPlace.Register first, OperandPlace.Immediate constant, int size) {
      test = operation == Arithmetic.TEST;
      this.first = first.number;
      up = 64 - size;
      this.constant = constant.value << up;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long x = r[first] << up;
      if (test) {
        Arithmetic.logic(c, x & constant, up);
      } else {
        Arithmetic.subtract(c, x, constant, 0, up);
      }
      return next;
    }
  }

  /** XOR of a register with itself. */
  private static final class Clear extends Node {
    private final int to;

    Clear(int to) {
      this.to = to;
    }

    @Override
    public Node exec(Core c, long[] r) {
      r[to] = 0;
      Arithmetic.logic(c, 0, 0);
      return next;
    }
  }

  static final int INC = 0;
  static final int DEC = 1;
  static final int NEG = 2;
  static final int NOT = 3;

  /** INC, DEC, NEG, NOT. */
  static final class Single extends Node {
    private final int operation;
    private final OperandPlace place;
    private final int up;

    Single(int operation, IntegerOperands operands) {
      this.operation = operation;
      place = operands.place(0);
      up = 64 - operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long x = place.load(c, r) << up;
      place.probe(c, r);
      long z = switch (operation) {
        case INC -> Arithmetic.increment(c, x, up);
        case DEC -> Arithmetic.decrement(c, x, up);
        case NEG -> Arithmetic.subtract(c, 0, x, 0, up);
        default -> ~x;
      };
      place.store(c, r, z >>> up);
      return next;
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }
}
