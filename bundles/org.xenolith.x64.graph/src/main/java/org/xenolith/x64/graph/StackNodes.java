// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.CpuState;

/** PUSH, POP, PUSHA, POPA, ENTER, LEAVE. */
final class StackNodes {
  private StackNodes() {}

  private abstract static class OfStack extends Node {
    @Override
    public final boolean usesStack() {
      return true;
    }
  }

  /** The fault of an operand in memory isn't one of the stack, unless that is where it is. */
  private static CpuFault ofOperand(Core c, OperandPlace operand, CpuFault fault) {
    if (!operand.stack()) {
      c.operandFault();
    }
    return fault;
  }

  static Node push(IntegerOperands operands) {
    int size = operands.insn().operandSize() >> 3;
    OperandPlace source = operands.place(0);
    if (size == 8 && source instanceof OperandPlace.Register from) {
      return new Push64(from.number);
    }
    return new Push(source, size);
  }

  static Node pop(IntegerOperands operands) {
    int size = operands.insn().operandSize() >> 3;
    OperandPlace destination = operands.place(0);
    if (size == 8 && destination instanceof OperandPlace.Register to) {
      return new Pop64(to.number);
    }
    return new Pop(destination, size);
  }

  private static final class Push64 extends OfStack {
    private final int from;

    Push64(int from) {
      this.from = from;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RSP] - 8;
      c.store64(pointer, r[from]);
      r[CpuState.RSP] = pointer;
      return next;
    }
  }

  private static final class Pop64 extends OfStack {
    private final int to;

    Pop64(int to) {
      this.to = to;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RSP];
      long value = c.load64(pointer);
      r[CpuState.RSP] = pointer + 8;
      r[to] = value;
      return next;
    }
  }

  private static final class Push extends OfStack {
    private final OperandPlace source;
    private final int size;

    Push(OperandPlace source, int size) {
      this.source = source;
      this.size = size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long value;
      try {
        value = source.load(c, r);
      } catch (CpuFault fault) {
        throw ofOperand(c, source, fault);
      }
      StackAccess.push(c, r, size, value);
      return next;
    }
  }

  private static final class Pop extends OfStack {
    private final OperandPlace destination;
    private final int size;

    Pop(OperandPlace destination, int size) {
      this.destination = destination;
      this.size = size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RSP];
      long value = StackAccess.pop(c, r, size);
      if (destination instanceof OperandPlace.Memory) {
        // Its address is that with the new RSP.
        try {
          destination.store(c, r, value);
        } catch (CpuFault fault) {
          r[CpuState.RSP] = pointer;
          throw ofOperand(c, destination, fault);
        }
      } else {
        destination.store(c, r, value);
      }
      return next;
    }
  }

  /** PUSH of a segment register. */
  static final class PushSegment extends OfStack {
    private final int segment;
    private final int size;

    PushSegment(int segment, int size) {
      this.segment = segment;
      this.size = size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      StackAccess.push(c, r, size, c.selector[segment]);
      return next;
    }
  }

  /** POP of a segment register. */
  static final class PopSegment extends OfStack {
    private final int segment;
    private final int size;

    PopSegment(int segment, int size) {
      this.segment = segment;
      this.size = size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RSP];
      long selector = StackAccess.load(c, pointer, size);
      // The stack's size is that from before.
      long mask = c.stackMask();
      c.segments.load(segment, (int) selector & 0xFFFF);
      r[CpuState.RSP] = pointer & ~mask | pointer + size & mask;
      if (segment == CpuState.SS) {
        c.inputs.stackShadow();
      }
      return next;
    }
  }

  /** PUSHA and POPA. */
  static final class All extends OfStack {
    private final boolean push;
    private final int size;

    All(boolean push, int size) {
      this.push = push;
      this.size = size;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RSP];
      long mask = size == 2 ? 0xFFFF : 0xFFFF_FFFFL;
      for (int i = 0; i < 8 && !push; i++) {
        // All are looked at before one is loaded.
        StackAccess.load(c, pointer + i * size, size);
      }
      for (int i = 0; i < 8; i++) {
        if (push) {
          StackAccess.store(c, pointer - (i + 1) * size, size, r[i]);
        } else if (7 - i != CpuState.RSP) {
          long value = StackAccess.load(c, pointer + i * size, size);
          r[7 - i] = r[7 - i] & ~mask | value & mask;
        }
      }
      c.stackPointer(push ? pointer - 8 * size : pointer + 8 * size);
      return next;
    }
  }

  /** LEAVE. */
  static final class Leave extends OfStack {
    private final OperandPlace frame;
    private final int size;

    Leave(int size) {
      this.size = size;
      frame = new OperandPlace.Register(CpuState.RBP, size * 8);
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RBP];
      long value = StackAccess.load(c, pointer, size);
      c.stackPointer(pointer + size);
      frame.store(c, r, value);
      return next;
    }
  }

  /** ENTER. */
  static final class Enter extends OfStack {
    private final int size;
    private final int bytes;
    private final int level;

    Enter(IntegerOperands operands) {
      size = operands.insn().operandSize() >> 3;
      bytes = (int) operands.insn().imm() & 0xFFFF;
      level = operands.insn().imm2() & 31;
    }

    @Override
    public Node exec(Core c, long[] r) {
      long pointer = r[CpuState.RSP] - size;
      long frame = r[CpuState.RBP];
      StackAccess.store(c, pointer, size, frame);
      long newFrame = pointer;
      long from = frame;
      for (int i = 1; i < level; i++) {
        from -= size;
        pointer -= size;
        StackAccess.store(c, pointer, size, StackAccess.load(c, from, size));
      }
      if (level > 0) {
        pointer -= size;
        StackAccess.store(c, pointer, size, newFrame);
      }
      long last = pointer - bytes;
      // The last word that the new frame may use must be writable.
      c.memory.probe(c.stackAddress(last), size);
      c.stackPointer(last);
      long mask = size == 8 ? -1L : size == 4 ? 0xFFFF_FFFFL : 0xFFFF;
      long value = c.stackMask() == 0xFFFF && size != 2 ? newFrame & 0xFFFF | frame & ~0xFFFFL : newFrame;
      r[CpuState.RBP] = size == 2 ? frame & ~mask | value & mask : value & mask;
      return next;
    }
  }
}
