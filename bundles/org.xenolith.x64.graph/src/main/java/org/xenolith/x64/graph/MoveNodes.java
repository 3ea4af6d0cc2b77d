// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;

/** MOV, MOVZX, MOVSX, LEA, XCHG, XADD, CMPXCHG, SETcc, CMOVcc and conversions of the accumulator. */
final class MoveNodes {
  private MoveNodes() {}

  static Node move(IntegerOperands operands) {
    OperandPlace destination = operands.place(0);
    OperandPlace source = operands.place(1);
    int size = operands.bits(0);
    if (destination instanceof OperandPlace.Register to && size >= 32) {
      if (source instanceof OperandPlace.Register from) {
        return size == 64 ? new Move64(to.number, from.number) : new Move32(to.number, from.number);
      }
      if (source instanceof OperandPlace.Immediate constant) {
        return new Constant(to.number, constant.value);
      }
      if (source instanceof OperandPlace.Memory from) {
        return size == 64 ? new Load64(to.number, from.address) : new Load32(to.number, from.address);
      }
    }
    if (destination instanceof OperandPlace.Memory to && source instanceof OperandPlace.Register from && size >= 32) {
      return size == 64 ? new Store64(to.address, from.number) : new Store32(to.address, from.number);
    }
    return new Move(destination, source);
  }

  private static final class Move64 extends Node {
    private final int to;
    private final int from;

    Move64(int to, int from) {
      this.to = to;
      this.from = from;
    }

    @Override
    public Node exec(Core c, long[] r) {
      r[to] = r[from];
      return next;
    }
  }

  private static final class Move32 extends Node {
    private final int to;
    private final int from;

    Move32(int to, int from) {
      this.to = to;
      this.from = from;
    }

    @Override
    public Node exec(Core c, long[] r) {
      r[to] = r[from] & 0xFFFF_FFFFL;
      return next;
    }
  }

  private static final class Constant extends Node {
    private final int to;
    private final long value;

    Constant(int to, long value) {
      this.to = to;
      this.value = value;
    }

    @Override
    public Node exec(Core c, long[] r) {
      r[to] = value;
      return next;
    }
  }

  private static final class Load64 extends Node {
    private final int to;
    private final OperandAddress from;

    Load64(int to, OperandAddress from) {
      this.to = to;
      this.from = from;
    }

    @Override
    public Node exec(Core c, long[] r) {
      r[to] = c.load64(from.of(c, r, 8, false));
      return next;
    }

    @Override
    public boolean usesStack() {
      return from.stack();
    }
  }

  private static final class Load32 extends Node {
    private final int to;
    private final OperandAddress from;

    Load32(int to, OperandAddress from) {
      this.to = to;
      this.from = from;
    }

    @Override
    public Node exec(Core c, long[] r) {
      r[to] = c.load32(from.of(c, r, 4, false));
      return next;
    }

    @Override
    public boolean usesStack() {
      return from.stack();
    }
  }

  private static final class Store64 extends Node {
    private final OperandAddress to;
    private final int from;

    Store64(OperandAddress to, int from) {
      this.to = to;
      this.from = from;
    }

    @Override
    public Node exec(Core c, long[] r) {
      c.store64(to.of(c, r, 8, true), r[from]);
      return next;
    }

    @Override
    public boolean usesStack() {
      return to.stack();
    }
  }

  private static final class Store32 extends Node {
    private final OperandAddress to;
    private final int from;

    Store32(OperandAddress to, int from) {
      this.to = to;
      this.from = from;
    }

    @Override
    public Node exec(Core c, long[] r) {
      c.store32(to.of(c, r, 4, true), r[from]);
      return next;
    }

    @Override
    public boolean usesStack() {
      return to.stack();
    }
  }

  /** Of any operands, zero-extending. */
  static final class Move extends Node {
    private final OperandPlace destination;
    private final OperandPlace source;

    Move(OperandPlace destination, OperandPlace source) {
      this.destination = destination;
      this.source = source;
    }

    @Override
    public Node exec(Core c, long[] r) {
      destination.store(c, r, source.load(c, r));
      return next;
    }

    @Override
    public boolean usesStack() {
      return destination.stack() || source.stack();
    }
  }

  /** MOVSX, MOVSXD. */
  static final class Extend extends Node {
    private final OperandPlace destination;
    private final OperandPlace source;
    private final int up;

    Extend(IntegerOperands operands) {
      destination = operands.place(0);
      source = operands.place(1);
      up = 64 - operands.bits(1);
    }

    @Override
    public Node exec(Core c, long[] r) {
      destination.store(c, r, source.load(c, r) << up >> up);
      return next;
    }

    @Override
    public boolean usesStack() {
      return source.stack();
    }
  }

  /** LEA. */
  static final class Lea extends Node {
    private final OperandPlace destination;
    private final OperandAddress address;

    Lea(IntegerOperands operands) {
      destination = operands.place(0);
      address = operands.address();
    }

    @Override
    public Node exec(Core c, long[] r) {
      destination.store(c, r, address.offset(r));
      return next;
    }
  }

  /** XCHG. */
  static final class Exchange extends Node {
    private final OperandPlace first;
    private final OperandPlace second;

    Exchange(IntegerOperands operands) {
      first = operands.place(0);
      second = operands.place(1);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long value = first.load(c, r);
      first.store(c, r, second.load(c, r));
      second.store(c, r, value);
      return next;
    }

    @Override
    public boolean usesStack() {
      return first.stack();
    }
  }

  /** XADD. */
  static final class ExchangeAdd extends Node {
    private final OperandPlace destination;
    private final OperandPlace source;
    private final int up;

    ExchangeAdd(IntegerOperands operands) {
      destination = operands.place(0);
      source = operands.place(1);
      up = 64 - operands.bits(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long y = source.load(c, r);
      long x = destination.load(c, r);
      destination.probe(c, r);
      long z = Arithmetic.add(c, x << up, y << up, 0, up) >>> up;
      if (destination instanceof OperandPlace.Memory) {
        destination.store(c, r, z);
        source.store(c, r, x);
      } else {
        // With the same register twice the sum stays.
        source.store(c, r, x);
        destination.store(c, r, z);
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return destination.stack();
    }
  }

  /** CMPXCHG. */
  static final class CompareExchange extends Node {
    private final OperandPlace destination;
    private final OperandPlace source;
    private final OperandPlace accumulator;
    private final int up;

    CompareExchange(IntegerOperands operands) {
      destination = operands.place(0);
      source = operands.place(1);
      int size = operands.bits(0);
      accumulator = new OperandPlace.Register(CpuState.RAX, size);
      up = 64 - size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long value = destination.load(c, r);
      long expected = accumulator.load(c, r);
      destination.probe(c, r);
      Arithmetic.subtract(c, expected << up, value << up, 0, up);
      if (value == expected) {
        destination.store(c, r, source.load(c, r));
      } else {
        if (destination instanceof OperandPlace.Memory) {
          // The bus sees a write in any case.
          destination.store(c, r, value);
        }
        accumulator.store(c, r, value);
      }
      return next;
    }

    @Override
    public boolean usesStack() {
      return destination.stack();
    }
  }

  /** CMPXCHG8B, CMPXCHG16B. */
  static final class CompareExchangePair extends Node {
    private final OperandAddress address;
    private final boolean wide;

    CompareExchangePair(IntegerOperands operands) {
      address = operands.address();
      wide = operands.insn().operandSize() == 64;
    }

    @Override
    public Node exec(Core c, long[] r) {
      int size = wide ? 16 : 8;
      long at = address.of(c, r, size, true);
      if (wide && (at & 15) != 0) {
        throw c.fault(org.xenolith.x64.arch.ExceptionVector.GP, 0);
      }
      c.memory.probe(at, size);
      if (wide) {
        long low = c.load64(at);
        long high = c.load64(at + 8);
        boolean equal = low == r[CpuState.RAX] && high == r[CpuState.RDX];
        if (equal) {
          c.store64(at, r[CpuState.RBX]);
          c.store64(at + 8, r[CpuState.RCX]);
        } else {
          r[CpuState.RAX] = low;
          r[CpuState.RDX] = high;
        }
        c.zero = equal ? 0 : 1;
        return next;
      }
      long value = c.load64(at);
      boolean equal = value == (r[CpuState.RDX] << 32 | r[CpuState.RAX] & 0xFFFF_FFFFL);
      if (equal) {
        c.store64(at, r[CpuState.RCX] << 32 | r[CpuState.RBX] & 0xFFFF_FFFFL);
      } else {
        r[CpuState.RAX] = value & 0xFFFF_FFFFL;
        r[CpuState.RDX] = value >>> 32;
      }
      c.zero = equal ? 0 : 1;
      return next;
    }

    @Override
    public boolean usesStack() {
      return address.stack();
    }
  }

  /** SETcc. */
  static final class Set extends Node {
    private final int condition;
    private final OperandPlace place;

    Set(int condition, IntegerOperands operands) {
      this.condition = condition;
      place = operands.place(0);
    }

    @Override
    public Node exec(Core c, long[] r) {
      place.store(c, r, Arithmetic.holds(c, condition) ? 1 : 0);
      return next;
    }

    @Override
    public boolean usesStack() {
      return place.stack();
    }
  }

  /** CMOVcc. The source is loaded in any case, and the upper half of a 32-bit register is cleared. */
  static final class ConditionalMove extends Node {
    private final int condition;
    private final OperandPlace destination;
    private final OperandPlace source;

    ConditionalMove(int condition, IntegerOperands operands) {
      this.condition = condition;
      destination = operands.place(0);
      source = operands.place(1);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long value = source.load(c, r);
      destination.store(c, r, Arithmetic.holds(c, condition) ? value : destination.load(c, r));
      return next;
    }

    @Override
    public boolean usesStack() {
      return source.stack();
    }
  }

  /** CBW, CWDE, CDQE; and CWD, CDQ, CQO, which spread the sign over rDX. */
  static final class Convert extends Node {
    private final boolean doubles;
    private final int size;

    Convert(boolean doubles, IntegerOperands operands) {
      this.doubles = doubles;
      size = operands.insn().operandSize();
    }

    @Override
    public Node exec(Core c, long[] r) {
      long a = r[CpuState.RAX];
      if (doubles) {
        long sign = a << 64 - size >> 63;
        r[CpuState.RDX] = size == 64 ? sign : size == 32 ? sign & 0xFFFF_FFFFL : r[CpuState.RDX] & ~0xFFFFL | sign & 0xFFFF;
      } else {
        r[CpuState.RAX] = size == 64 ? (int) a : size == 32 ? (short) a & 0xFFFF_FFFFL : a & ~0xFFFFL | (byte) a & 0xFFFF;
      }
      return next;
    }
  }

  /** XLAT. */
  static final class Translate extends Node {
    private final OperandAddress address;

    Translate(OperandAddress address) {
      this.address = address;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long value = c.load8(address.behind(c, r, r[CpuState.RAX] & 0xFF, 1, false));
      r[CpuState.RAX] = r[CpuState.RAX] & ~0xFFL | value;
      return next;
    }
  }
}
