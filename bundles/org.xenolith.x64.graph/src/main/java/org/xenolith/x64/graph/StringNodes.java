// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.Mmu;
import org.xenolith.x64.arch.TlbEntry;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Instruction;

/**
 * String instructions. With a repeat prefix each repetition counts as an instruction: the node executes as many as are granted, and comes back to itself for the
 * others, so that interrupts come between two.
 */
abstract class StringNodes extends Node {
  private static final int NONE = 0;
  private static final int WHILE_EQUAL = 1;
  private static final int WHILE_NOT_EQUAL = 2;

  /** Bytes of an element. */
  final int size;
  private final int repeat;
  private final boolean compares;
  private final OperandPlace counter;
  private final OperandPlace source;
  private final OperandPlace destination;
  private final long counterMask;

  StringNodes(IntegerOperands operands, int size, boolean compares) {
    Instruction insn = operands.insn();
    this.size = size;
    this.compares = compares;
    repeat = insn.rep() ? WHILE_EQUAL : insn.repne() ? WHILE_NOT_EQUAL : NONE;
    int width = insn.addressSize();
    counter = new OperandPlace.Register(CpuState.RCX, width);
    source = new OperandPlace.Register(CpuState.RSI, width);
    destination = new OperandPlace.Register(CpuState.RDI, width);
    counterMask = width == 64 ? -1L : (1L << width) - 1;
  }

  @Override
  final boolean repeats() {
    return repeat != NONE;
  }

  /** One repetition. */
  abstract void step(Core c, long[] r);

  /** Repetitions at once, at most so many, where nothing can come between two of them: within pages whose tags the TLB has. Returns how many; 0 for none. */
  long many(Core c, long[] r, long most) {
    return 0;
  }

  /** Whether addresses count up and are linear ones, of 64 bits. */
  final boolean simple(Core c) {
    return c.mode == DecodeMode.LONG_64 && counterMask == -1L && (c.flags & FlagBits.DF) == 0;
  }

  /** How many elements there are from an address up to the end of its page. */
  final long toPageEnd(long at) {
    return (4096 - (at & 0xFFF)) / size;
  }

  final void advanceSource(Core c, long[] r) {
    source.store(c, r, source.load(c, r) + ((c.flags & FlagBits.DF) != 0 ? -size : size));
  }

  final void advanceDestination(Core c, long[] r) {
    destination.store(c, r, destination.load(c, r) + ((c.flags & FlagBits.DF) != 0 ? -size : size));
  }

  @Override
  public final Node exec(Core c, long[] r) {
    if (repeat == NONE) {
      step(c, r);
      return next;
    }
    long count = r[CpuState.RCX] & counterMask;
    if (count == 0) {
      return next;
    }
    for (;;) {
      long done = many(c, r, Math.min(count, c.left));
      if (done == 0) {
        step(c, r);
        done = 1;
      }
      count -= done;
      counter.store(c, r, count);
      c.left -= done - 1;
      if (count == 0 || compares && c.zero == 0 != (repeat == WHILE_EQUAL)) {
        return next;
      }
      if (c.left <= 1) {
        return this;
      }
      c.left--;
    }
  }

  static long load(Core c, long at, int size) {
    return switch (size) {
      case 1 -> c.load8(at);
      case 2 -> c.load16(at);
      case 4 -> c.load32(at);
      default -> c.load64(at);
    };
  }

  static void store(Core c, long at, int size, long value) {
    switch (size) {
      case 1 -> c.store8(at, value);
      case 2 -> c.store16(at, value);
      case 4 -> c.store32(at, value);
      default -> c.store64(at, value);
    }
  }

  static OperandAddress source(IntegerOperands operands) {
    return operands.at(CpuState.RSI, OperandAddress.segment(operands.insn(), CpuState.DS));
  }

  static OperandAddress destination(IntegerOperands operands) {
    return operands.at(CpuState.RDI, CpuState.ES);
  }

  static final class Move extends StringNodes {
    private final OperandAddress from;
    private final OperandAddress to;

    Move(IntegerOperands operands, int size) {
      super(operands, size, false);
      from = source(operands);
      to = destination(operands);
    }

    @Override
    void step(Core c, long[] r) {
      long value = load(c, from.of(c, r, size, false), size);
      store(c, to.of(c, r, size, true), size, value);
      advanceSource(c, r);
      advanceDestination(c, r);
    }

    @Override
    long many(Core c, long[] r, long most) {
      if (!simple(c)) {
        return 0;
      }
      long source = from.of(c, r, size, false);
      long target = to.of(c, r, size, true);
      long count = Math.min(most, Math.min(toPageEnd(source), toPageEnd(target)));
      TlbEntry one = c.data[Mmu.index(source)];
      TlbEntry other = c.data[Mmu.index(target)];
      if (count < 2 || one.read != (source & -4096 | c.context) || other.write != (target & -4096 | c.context)) {
        return 0;
      }
      StringBytes.copy(one.heap, source + one.delta, other.heap, target + other.delta, size, count);
      r[CpuState.RSI] += count * size;
      r[CpuState.RDI] += count * size;
      return count;
    }
  }

  static final class Store extends StringNodes {
    private final OperandAddress to;

    Store(IntegerOperands operands, int size) {
      super(operands, size, false);
      to = destination(operands);
    }

    @Override
    void step(Core c, long[] r) {
      store(c, to.of(c, r, size, true), size, r[CpuState.RAX]);
      advanceDestination(c, r);
    }

    @Override
    long many(Core c, long[] r, long most) {
      if (!simple(c)) {
        return 0;
      }
      long target = to.of(c, r, size, true);
      long count = Math.min(most, toPageEnd(target));
      TlbEntry entry = c.data[Mmu.index(target)];
      if (count < 2 || entry.write != (target & -4096 | c.context)) {
        return 0;
      }
      StringBytes.fill(entry.heap, target + entry.delta, r[CpuState.RAX], size, count);
      r[CpuState.RDI] += count * size;
      return count;
    }
  }

  static final class Load extends StringNodes {
    private final OperandAddress from;
    private final OperandPlace accumulator;

    Load(IntegerOperands operands, int size) {
      super(operands, size, false);
      from = source(operands);
      accumulator = new OperandPlace.Register(CpuState.RAX, size * 8);
    }

    @Override
    void step(Core c, long[] r) {
      accumulator.store(c, r, load(c, from.of(c, r, size, false), size));
      advanceSource(c, r);
    }
  }

  static final class Compare extends StringNodes {
    private final OperandAddress from;
    private final OperandAddress to;

    Compare(IntegerOperands operands, int size) {
      super(operands, size, true);
      from = source(operands);
      to = destination(operands);
    }

    @Override
    void step(Core c, long[] r) {
      int up = 64 - size * 8;
      long x = load(c, from.of(c, r, size, false), size) << up;
      long y = load(c, to.of(c, r, size, false), size) << up;
      Arithmetic.subtract(c, x, y, 0, up);
      advanceSource(c, r);
      advanceDestination(c, r);
    }
  }

  static final class Scan extends StringNodes {
    private final OperandAddress to;

    Scan(IntegerOperands operands, int size) {
      super(operands, size, true);
      to = destination(operands);
    }

    @Override
    void step(Core c, long[] r) {
      int up = 64 - size * 8;
      long y = load(c, to.of(c, r, size, false), size) << up;
      Arithmetic.subtract(c, r[CpuState.RAX] << up, y, 0, up);
      advanceDestination(c, r);
    }
  }

  static final class Input extends StringNodes {
    private final OperandAddress to;

    Input(IntegerOperands operands, int size) {
      super(operands, size, false);
      to = destination(operands);
    }

    @Override
    void step(Core c, long[] r) {
      int port = (int) r[CpuState.RDX] & 0xFFFF;
      c.ports.check(port, size);
      long at = to.of(c, r, size, true);
      // A port is read once: what can fault comes before.
      c.memory.probe(at, size);
      store(c, at, size, c.ports.in(port, size));
      advanceDestination(c, r);
    }
  }

  static final class Output extends StringNodes {
    private final OperandAddress from;

    Output(IntegerOperands operands, int size) {
      super(operands, size, false);
      from = source(operands);
    }

    @Override
    void step(Core c, long[] r) {
      int port = (int) r[CpuState.RDX] & 0xFFFF;
      c.ports.check(port, size);
      c.ports.out(port, size, load(c, from.of(c, r, size, false), size));
      advanceSource(c, r);
    }
  }
}
