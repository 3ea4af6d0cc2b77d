// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;

/** Where an integer operand is: a register, memory, or an immediate. Values are zero-extended from the operand's size. */
public abstract class OperandPlace {
  /** Loads it. May throw {@code CpuFault}. */
  public abstract long load(Core cpu, long[] r);

  /** Stores the low bits of a value. May throw {@code CpuFault}. */
  public abstract void store(Core cpu, long[] r, long value);

  /** Makes sure that a store wouldn't fault: before anything else changes. May throw {@code CpuFault}. */
  public void probe(Core cpu, long[] r) {}

  /** Whether it is memory addressed through the stack segment. */
  public boolean stack() {
    return false;
  }

  /** A general register. */
  static final class Register extends OperandPlace {
    final int number;
    final long mask;
    /** Bits of the register that a store leaves: none of a 32- or 64-bit operand. */
    final long keep;

    Register(int number, int size) {
      this.number = number;
      mask = size == 64 ? -1L : (1L << size) - 1;
      keep = size >= 32 ? 0 : ~mask;
    }

    @Override
    public long load(Core cpu, long[] r) {
      return r[number] & mask;
    }

    @Override
    public void store(Core cpu, long[] r, long value) {
      r[number] = r[number] & keep | value & mask;
    }
  }

  /** AH, CH, DH or BH. */
  static final class High extends OperandPlace {
    private final int number;

    High(int number) {
      this.number = number - 4;
    }

    @Override
    public long load(Core cpu, long[] r) {
      return r[number] >>> 8 & 0xFF;
    }

    @Override
    public void store(Core cpu, long[] r, long value) {
      r[number] = r[number] & ~0xFF00L | (value & 0xFF) << 8;
    }
  }

  /** Memory. */
  static final class Memory extends OperandPlace {
    final OperandAddress address;
    final int size;

    /** @param size bits */
    Memory(OperandAddress address, int size) {
      this.address = address;
      this.size = size >> 3;
    }

    @Override
    public long load(Core cpu, long[] r) {
      long at = address.of(cpu, r, size, false);
      return switch (size) {
        case 1 -> cpu.load8(at);
        case 2 -> cpu.load16(at);
        case 4 -> cpu.load32(at);
        default -> cpu.load64(at);
      };
    }

    @Override
    public void store(Core cpu, long[] r, long value) {
      long at = address.of(cpu, r, size, true);
      switch (size) {
        case 1 -> cpu.store8(at, value);
        case 2 -> cpu.store16(at, value);
        case 4 -> cpu.store32(at, value);
        default -> cpu.store64(at, value);
      }
    }

    @Override
    public void probe(Core cpu, long[] r) {
      cpu.memory.probe(address.of(cpu, r, size, true), size);
    }

    @Override
    public boolean stack() {
      return address.stack();
    }
  }

  /** A constant. */
  static final class Immediate extends OperandPlace {
    final long value;

    Immediate(long value, int size) {
      this.value = size == 64 ? value : value & (1L << size) - 1;
    }

    @Override
    public long load(Core cpu, long[] r) {
      return value;
    }

    @Override
    public void store(Core cpu, long[] r, long stored) {
      throw new IllegalStateException("an immediate isn't a destination");
    }
  }
}
