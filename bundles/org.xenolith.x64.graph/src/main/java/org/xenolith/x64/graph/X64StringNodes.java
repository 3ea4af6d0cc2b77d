// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64Mmu;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.arch.X64TlbEntry;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Mode;

/**
 * String instructions. With a repeat prefix each repetition counts as an instruction: the node executes as many as are granted, and comes back to itself for the
 * others, so that interrupts come between two.
 */
abstract class X64StringNodes extends X64Node {
  private static final int NONE = 0;
  private static final int WHILE_EQUAL = 1;
  private static final int WHILE_NOT_EQUAL = 2;

  /** Bytes of an element. */
  final int size;
  private final int repeat;
  private final boolean compares;
  private final X64Place counter;
  private final X64Place source;
  private final X64Place destination;
  private final long counterMask;

  X64StringNodes(X64Operands operands, int size, boolean compares) {
    X64Instruction insn = operands.insn();
    this.size = size;
    this.compares = compares;
    repeat = insn.rep() ? WHILE_EQUAL : insn.repne() ? WHILE_NOT_EQUAL : NONE;
    int width = insn.addressSize();
    counter = new X64Place.Register(X64State.RCX, width);
    source = new X64Place.Register(X64State.RSI, width);
    destination = new X64Place.Register(X64State.RDI, width);
    counterMask = width == 64 ? -1L : (1L << width) - 1;
  }

  @Override
  final boolean repeats() {
    return repeat != NONE;
  }

  /** One repetition. */
  abstract void step(X64Core c, long[] r);

  /** Repetitions at once, at most so many, where nothing can come between two of them: within pages whose tags the TLB has. Returns how many; 0 for none. */
  long many(X64Core c, long[] r, long most) {
    return 0;
  }

  /** Whether addresses count up and are linear ones, of 64 bits. */
  final boolean simple(X64Core c) {
    return c.mode == X64Mode.LONG_64 && counterMask == -1L && (c.flags & X64Flags.DF) == 0;
  }

  /** How many elements there are from an address up to the end of its page. */
  final long toPageEnd(long at) {
    return (4096 - (at & 0xFFF)) / size;
  }

  final void advanceSource(X64Core c, long[] r) {
    source.store(c, r, source.load(c, r) + ((c.flags & X64Flags.DF) != 0 ? -size : size));
  }

  final void advanceDestination(X64Core c, long[] r) {
    destination.store(c, r, destination.load(c, r) + ((c.flags & X64Flags.DF) != 0 ? -size : size));
  }

  @Override
  public final X64Node exec(X64Core c, long[] r) {
    if (repeat == NONE) {
      step(c, r);
      return next;
    }
    long count = r[X64State.RCX] & counterMask;
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

  static long load(X64Core c, long at, int size) {
    return switch (size) {
      case 1 -> c.load8(at);
      case 2 -> c.load16(at);
      case 4 -> c.load32(at);
      default -> c.load64(at);
    };
  }

  static void store(X64Core c, long at, int size, long value) {
    switch (size) {
      case 1 -> c.store8(at, value);
      case 2 -> c.store16(at, value);
      case 4 -> c.store32(at, value);
      default -> c.store64(at, value);
    }
  }

  static X64Address source(X64Operands operands) {
    return operands.at(X64State.RSI, X64Address.segment(operands.insn(), X64State.DS));
  }

  static X64Address destination(X64Operands operands) {
    return operands.at(X64State.RDI, X64State.ES);
  }

  static final class Move extends X64StringNodes {
    private final X64Address from;
    private final X64Address to;

    Move(X64Operands operands, int size) {
      super(operands, size, false);
      from = source(operands);
      to = destination(operands);
    }

    @Override
    void step(X64Core c, long[] r) {
      long value = load(c, from.of(c, r, size, false), size);
      store(c, to.of(c, r, size, true), size, value);
      advanceSource(c, r);
      advanceDestination(c, r);
    }

    @Override
    long many(X64Core c, long[] r, long most) {
      if (!simple(c)) {
        return 0;
      }
      long source = from.of(c, r, size, false);
      long target = to.of(c, r, size, true);
      long count = Math.min(most, Math.min(toPageEnd(source), toPageEnd(target)));
      X64TlbEntry one = c.data[X64Mmu.index(source)];
      X64TlbEntry other = c.data[X64Mmu.index(target)];
      if (count < 2 || one.read != (source & -4096 | c.context) || other.write != (target & -4096 | c.context)) {
        return 0;
      }
      X64StringBytes.copy(one.heap, source + one.delta, other.heap, target + other.delta, size, count);
      r[X64State.RSI] += count * size;
      r[X64State.RDI] += count * size;
      return count;
    }
  }

  static final class Store extends X64StringNodes {
    private final X64Address to;

    Store(X64Operands operands, int size) {
      super(operands, size, false);
      to = destination(operands);
    }

    @Override
    void step(X64Core c, long[] r) {
      store(c, to.of(c, r, size, true), size, r[X64State.RAX]);
      advanceDestination(c, r);
    }

    @Override
    long many(X64Core c, long[] r, long most) {
      if (!simple(c)) {
        return 0;
      }
      long target = to.of(c, r, size, true);
      long count = Math.min(most, toPageEnd(target));
      X64TlbEntry entry = c.data[X64Mmu.index(target)];
      if (count < 2 || entry.write != (target & -4096 | c.context)) {
        return 0;
      }
      X64StringBytes.fill(entry.heap, target + entry.delta, r[X64State.RAX], size, count);
      r[X64State.RDI] += count * size;
      return count;
    }
  }

  static final class Load extends X64StringNodes {
    private final X64Address from;
    private final X64Place accumulator;

    Load(X64Operands operands, int size) {
      super(operands, size, false);
      from = source(operands);
      accumulator = new X64Place.Register(X64State.RAX, size * 8);
    }

    @Override
    void step(X64Core c, long[] r) {
      accumulator.store(c, r, load(c, from.of(c, r, size, false), size));
      advanceSource(c, r);
    }
  }

  static final class Compare extends X64StringNodes {
    private final X64Address from;
    private final X64Address to;

    Compare(X64Operands operands, int size) {
      super(operands, size, true);
      from = source(operands);
      to = destination(operands);
    }

    @Override
    void step(X64Core c, long[] r) {
      int up = 64 - size * 8;
      long x = load(c, from.of(c, r, size, false), size) << up;
      long y = load(c, to.of(c, r, size, false), size) << up;
      X64Arithmetic.subtract(c, x, y, 0, up);
      advanceSource(c, r);
      advanceDestination(c, r);
    }
  }

  static final class Scan extends X64StringNodes {
    private final X64Address to;

    Scan(X64Operands operands, int size) {
      super(operands, size, true);
      to = destination(operands);
    }

    @Override
    void step(X64Core c, long[] r) {
      int up = 64 - size * 8;
      long y = load(c, to.of(c, r, size, false), size) << up;
      X64Arithmetic.subtract(c, r[X64State.RAX] << up, y, 0, up);
      advanceDestination(c, r);
    }
  }

  static final class Input extends X64StringNodes {
    private final X64Address to;

    Input(X64Operands operands, int size) {
      super(operands, size, false);
      to = destination(operands);
    }

    @Override
    void step(X64Core c, long[] r) {
      int port = (int) r[X64State.RDX] & 0xFFFF;
      c.ports.check(port, size);
      long at = to.of(c, r, size, true);
      // A port is read once: what can fault comes before.
      c.memory.probe(at, size);
      store(c, at, size, c.ports.in(port, size));
      advanceDestination(c, r);
    }
  }

  static final class Output extends X64StringNodes {
    private final X64Address from;

    Output(X64Operands operands, int size) {
      super(operands, size, false);
      from = source(operands);
    }

    @Override
    void step(X64Core c, long[] r) {
      int port = (int) r[X64State.RDX] & 0xFFFF;
      c.ports.check(port, size);
      c.ports.out(port, size, load(c, from.of(c, r, size, false), size));
      advanceSource(c, r);
    }
  }
}
