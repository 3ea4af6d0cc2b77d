// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.isa.X64Insn;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Operand;

/** Code of instructions on general registers and memory: the host has the same, with other registers. Source: Intel SDM volume 2. */
final class X64IntegerCode implements X64CodeTable.Emitter {
  private static final Set<String> ALIKE = Set.of("add", "or", "adc", "sbb", "and", "sub", "xor", "cmp", "test", "inc", "dec", "neg", "not",
      "mov", "movzx", "movsx", "movsxd", "xchg", "xadd", "popcnt", "crc32", "movnti");
  /** All that arithmetic sets. */
  static final int ALL = X64Insn.CF | X64Insn.PF | X64Insn.AF | X64Insn.ZF | X64Insn.SF | X64Insn.OF;
  private static final int NONE = -1;

  private final X64 code;
  private final X64HeldRegisters registers;
  private final X64FlagCode flags;
  private final X64AddressCode addresses;
  private final Map<X64Insn, Shape> shapes = new EnumMap<>(X64Insn.class);

  /**
   * How a form is emitted.
   *
   * @param first     the operand by ModRM.rm, or one that takes its place
   * @param other     the operand by ModRM.reg, or one that takes its place; null if there is none
   * @param immediate whether there is one
   */
  private record Shape(X64Opcode opcode, X64Operand first, X64Operand other, boolean immediate) {}

  X64IntegerCode(X64 code, X64HeldRegisters registers, X64FlagCode flags, X64AddressCode addresses) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
  }

  /** Adds what there is code for. */
  void addTo(X64CodeTable table) {
    for (X64Insn insn : X64Insn.values()) {
      String mnemonic = insn.mnemonic();
      if (ALIKE.contains(mnemonic) || mnemonic.startsWith("set") || mnemonic.startsWith("cmov")) {
        Shape shape = shape(insn);
        if (shape != null) {
          shapes.put(insn, shape);
          table.put(this, insn);
        }
      }
    }
  }

  private static Shape shape(X64Insn insn) {
    X64Operand first = null;
    X64Operand other = null;
    boolean immediate = false;
    for (X64Operand operand : insn.operands()) {
      switch (operand.kind()) {
        case E, M, Z -> first = operand;
        case G -> other = operand;
        case I -> immediate = true;
        case FIXED -> {
          if (first == null) {
            first = operand;
          } else {
            other = operand;
          }
        }
        default -> {
          // A segment, control or debug register, or an address in the instruction.
          return null;
        }
      }
    }
    if (first == null) {
      return null;
    }
    return new Shape(opcode(insn, first), first, other, immediate);
  }

  private static X64Opcode opcode(X64Insn insn, X64Operand first) {
    boolean bytes = first.size().equals("b") || first.name().equals("AL");
    if (first.kind() == X64Operand.Kind.E || first.kind() == X64Operand.Kind.M) {
      return X64Opcode.of(insn);
    }
    int opcode = Integer.parseInt(insn.encoding().substring(0, 2), 16);
    return switch (insn.mnemonic()) {
      case "mov" -> X64Opcode.group(bytes ? 0xC6 : 0xC7, 0);
      case "test" -> X64Opcode.group(bytes ? 0xF6 : 0xF7, 0);
      case "xchg" -> new X64Opcode(0, 0, 0x87, NONE);
      default -> X64Opcode.group(bytes ? 0x80 : 0x81, opcode >> 3);
    };
  }

  @Override
  public boolean covers(X64Instruction insn) {
    Shape shape = shapes.get(insn.insn());
    if (shape.first.kind() == X64Operand.Kind.M && !insn.memory()) {
      return false;
    }
    boolean bothWritten = shape.other != null && shape.first.access().writes() && shape.other.access().writes();
    // Both would have the same place, and its order would matter.
    return !bothWritten || insn.memory() || register(shape.first, insn) != register(shape.other, insn);
  }

  @Override
  public boolean leaves(X64Instruction insn) {
    return insn.memory();
  }

  private static int register(X64Operand operand, X64Instruction insn) {
    return switch (operand.kind()) {
      case G -> insn.reg();
      case Z -> insn.opcodeRegister();
      case FIXED -> 0;
      default -> insn.rm();
    };
  }

  /** Bits of an operand. */
  static int bits(X64Operand operand, X64Instruction insn) {
    if (operand.kind() == X64Operand.Kind.FIXED) {
      return operand.name().equals("AL") ? 8 : insn.operandSize();
    }
    return operand.bytes(insn.operandSize()) * 8;
  }

  @Override
  public void emit(X64Instruction insn, int at, int end, boolean needed) {
    Shape shape = shapes.get(insn.insn());
    if (insn.insn().mnemonic().equals("mov") && shape.first.kind() == X64Operand.Kind.Z && insn.operandSize() != 16 && bits(shape.first,
        insn) != 8) {
      constant(insn);
      return;
    }
    int written = insn.insn().flagsWritten() & ALL;
    boolean takes = insn.insn().flagsRead() != 0 || needed && written != 0 && written != ALL;
    boolean memory = insn.memory();
    int firstBits = bits(shape.first, insn);
    int otherBits = shape.other == null ? 0 : bits(shape.other, insn);
    boolean bytes = firstBits == 8 || otherBits == 8;
    int base = X64.RAX;
    int index = X64.RCX;
    if (memory) {
      addresses.operand(insn, end, firstBits >> 3, shape.first.access());
      if (takes) {
        code.address(true, X64.RCX, X64.RAX, X64.RCX, 0);
        base = X64.RCX;
        index = NONE;
      }
    }
    int first = memory ? NONE : place(shape.first, insn, firstBits, X64.RCX);
    int other = shape.other == null ? 0 : place(shape.other, insn, otherBits, X64.RDX);
    if (takes) {
      flags.restore();
    }
    if (memory) {
      shape.opcode.memory(code, insn, bytes, other, base, index, 0);
    } else {
      shape.opcode.register(code, insn, bytes, other, first);
    }
    if (shape.immediate) {
      immediate(insn, firstBits);
    }
    if (written != 0) {
      flags.made(needed);
    }
    if (!memory) {
      keep(shape.first, insn, firstBits, first);
    }
    if (shape.other != null) {
      keep(shape.other, insn, otherBits, other);
    }
  }

  /** MOV of a constant to a whole register. */
  private void constant(X64Instruction insn) {
    int to = registers.target(insn.opcodeRegister(), X64.RAX);
    code.constant(to, insn.operandSize() == 64 ? insn.imm() : insn.imm() & 0xFFFF_FFFFL);
    registers.set(insn.opcodeRegister(), to);
  }

  /** Emits an instruction's immediate, which is as long as it was. */
  private void immediate(X64Instruction insn, int bits) {
    X64Operand last = insn.insn().operands().getLast();
    boolean small = last.name().equals("Ib") || last.name().equals("Ibs");
    if (small) {
      code.byteOf((int) insn.imm());
    } else if (bits == 16) {
      code.byteOf((int) insn.imm());
      code.byteOf((int) insn.imm() >> 8);
    } else {
      code.intOf((int) insn.imm());
    }
  }

  private static boolean high(X64Operand operand, X64Instruction insn, int bits) {
    return bits == 8 && operand.kind() != X64Operand.Kind.FIXED && insn.highByte(register(operand, insn));
  }

  /** The host's register that an operand is in. */
  private int place(X64Operand operand, X64Instruction insn, int bits, int spare) {
    int register = register(operand, insn);
    if (high(operand, insn, bits)) {
      registers.loadHigh(spare, register);
      return spare;
    }
    // What is written in part keeps the rest.
    return operand.access().reads() || bits < 32 ? registers.source(register, spare) : registers.target(register, spare);
  }

  private void keep(X64Operand operand, X64Instruction insn, int bits, int from) {
    if (operand.access().writes()) {
      int register = register(operand, insn);
      if (high(operand, insn, bits)) {
        registers.setHigh(register, from);
      } else {
        registers.set(register, from);
      }
    }
  }
}
