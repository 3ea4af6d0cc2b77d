// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Core;

/** ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, INC, DEC, NEG, NOT. */
final class X64AluNodes {
  private X64AluNodes() {}

  static X64Node create(int operation, X64Operands operands) {
    int size = operands.bits(0);
    X64Place destination = operands.place(0);
    X64Place source = operands.place(1);
    boolean stores = operation != X64Arithmetic.CMP && operation != X64Arithmetic.TEST;
    if (destination instanceof X64Place.Register to) {
      if (source instanceof X64Place.Register from) {
        boolean clears = from.number == to.number && size >= 32 && operation == X64Arithmetic.XOR;
        return clears ? new Clear(to.number) : stores ? new Registers(operation, to, from, size) : new CompareRegisters(operation, to, from,
            size);
      }
      if (source instanceof X64Place.Immediate constant) {
        return stores ? new Constant(operation, to, constant, size) : new CompareConstant(operation, to, constant, size);
      }
    }
    return stores ? new Stored(operation, destination, source, size) : new Compared(operation, destination, source, size);
  }

  /** Of any operands. */
  private static final class Stored extends X64Node {
    private final int operation;
    private final X64Place destination;
    private final X64Place source;
    private final int up;

    Stored(int operation, X64Place destination, X64Place source, int size) {
      this.operation = operation;
      this.destination = destination;
      this.source = source;
      up = 64 - size;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long y = source.load(c, r) << up;
      long x = destination.load(c, r) << up;
      // What can fault comes before the flags.
      destination.probe(c, r);
      destination.store(c, r, X64Arithmetic.of(operation, c, x, y, up) >>> up);
      return next;
    }

    @Override
    public boolean usesStack() {
      return destination.stack() || source.stack();
    }
  }

  private static final class Compared extends X64Node {
    private final int operation;
    private final X64Place first;
    private final X64Place second;
    private final int up;

    Compared(int operation, X64Place first, X64Place second, int size) {
      this.operation = operation;
      this.first = first;
      this.second = second;
      up = 64 - size;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long x = first.load(c, r) << up;
      long y = second.load(c, r) << up;
      if (operation == X64Arithmetic.CMP) {
        X64Arithmetic.subtract(c, x, y, 0, up);
      } else {
        X64Arithmetic.logic(c, x & y, up);
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return first.stack() || second.stack();
    }
  }

  private static final class Registers extends X64Node {
    private final int operation;
    private final int to;
    private final int from;
    private final int up;
    private final long keep;

    Registers(int operation, X64Place.Register to, X64Place.Register from, int size) {
      this.operation = operation;
      this.to = to.number;
      this.from = from.number;
      keep = to.keep;
      up = 64 - size;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long old = r[to];
      r[to] = old & keep | X64Arithmetic.of(operation, c, old << up, r[from] << up, up) >>> up;
      return next;
    }
  }

  private static final class Constant extends X64Node {
    private final int operation;
    private final int to;
    private final long constant;
    private final int up;
    private final long keep;

    Constant(int operation, X64Place.Register to, X64Place.Immediate constant, int size) {
      this.operation = operation;
      this.to = to.number;
      keep = to.keep;
      up = 64 - size;
      this.constant = constant.value << up;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long old = r[to];
      r[to] = old & keep | X64Arithmetic.of(operation, c, old << up, constant, up) >>> up;
      return next;
    }
  }

  private static final class CompareRegisters extends X64Node {
    private final boolean test;
    private final int first;
    private final int second;
    private final int up;

    CompareRegisters(int operation, X64Place.Register first, X64Place.Register second, int size) {
      test = operation == X64Arithmetic.TEST;
      this.first = first.number;
      this.second = second.number;
      up = 64 - size;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long x = r[first] << up;
      long y = r[second] << up;
      if (test) {
        X64Arithmetic.logic(c, x & y, up);
      } else {
        X64Arithmetic.subtract(c, x, y, 0, up);
      }
      return next;
    }
  }

  private static final class CompareConstant extends X64Node {
    private final boolean test;
    private final int first;
    private final long constant;
    private final int up;

    CompareConstant(int operation, X64Place.Register first, X64Place.Immediate constant, int size) {
      test = operation == X64Arithmetic.TEST;
      this.first = first.number;
      up = 64 - size;
      this.constant = constant.value << up;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long x = r[first] << up;
      if (test) {
        X64Arithmetic.logic(c, x & constant, up);
      } else {
        X64Arithmetic.subtract(c, x, constant, 0, up);
      }
      return next;
    }
  }

  /** XOR of a register with itself. */
  private static final class Clear extends X64Node {
    private final int to;

    Clear(int to) {
      this.to = to;
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      r[to] = 0;
      X64Arithmetic.logic(c, 0, 0);
      return next;
    }
  }

  static final int INC = 0;
  static final int DEC = 1;
  static final int NEG = 2;
  static final int NOT = 3;

  /** INC, DEC, NEG, NOT. */
  static final class Single extends X64Node {
    private final int operation;
    private final X64Place place;
    private final int up;

    Single(int operation, X64Operands operands) {
      this.operation = operation;
      place = operands.place(0);
      up = 64 - operands.bits(0);
    }

    @Override
    public X64Node exec(X64Core c, long[] r) {
      long x = place.load(c, r) << up;
      place.probe(c, r);
      long z = switch (operation) {
        case INC -> X64Arithmetic.increment(c, x, up);
        case DEC -> X64Arithmetic.decrement(c, x, up);
        case NEG -> X64Arithmetic.subtract(c, 0, x, 0, up);
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
