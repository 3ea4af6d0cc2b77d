// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/** Code of instructions on general registers and memory: the host has the same, with other registers. Source: Intel SDM volume 2. */
final class IntegerCode implements CodeTable.Emitter {
  private static final Set<String> ALIKE = Set.of("add", "or", "adc", "sbb", "and", "sub", "xor", "cmp", "test", "inc", "dec", "neg", "not",
      "mov", "movzx", "movsx", "movsxd", "xchg", "xadd", "popcnt", "crc32", "movnti");
  /** All that arithmetic sets. */
  static final int ALL = Insn.CF | Insn.PF | Insn.AF | Insn.ZF | Insn.SF | Insn.OF;
  private static final int NONE = -1;

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final Map<Insn, Shape> shapes = new EnumMap<>(Insn.class);

  /**
   * How a form is emitted.
   *
   * @param first     the operand by ModRM.rm, or one that takes its place
   * @param other     the operand by ModRM.reg, or one that takes its place; null if there is none
   * @param immediate whether there is one
   */
  private record Shape(HostOpcode opcode, Operand first, Operand other, boolean immediate) {}

  IntegerCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : Insn.values()) {
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

  private static Shape shape(Insn insn) {
    Operand first = null;
    Operand other = null;
    boolean immediate = false;
    for (Operand operand : insn.operands()) {
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

  private static HostOpcode opcode(Insn insn, Operand first) {
    boolean bytes = first.size().equals("b") || first.name().equals("AL");
    if (first.kind() == Operand.Kind.E || first.kind() == Operand.Kind.M) {
      return HostOpcode.of(insn);
    }
    int opcode = Integer.parseInt(insn.encoding().substring(0, 2), 16);
    return switch (insn.mnemonic()) {
      case "mov" -> HostOpcode.group(bytes ? 0xC6 : 0xC7, 0);
      case "test" -> HostOpcode.group(bytes ? 0xF6 : 0xF7, 0);
      case "xchg" -> new HostOpcode(0, 0, 0x87, NONE);
      default -> HostOpcode.group(bytes ? 0x80 : 0x81, opcode >> 3);
    };
  }

  @Override
  public boolean covers(Instruction insn) {
    Shape shape = shapes.get(insn.insn());
    if (shape.first.kind() == Operand.Kind.M && !insn.memory()) {
      return false;
    }
    boolean bothWritten = shape.other != null && shape.first.access().writes() && shape.other.access().writes();
    // Both would have the same place, and its order would matter.
    return !bothWritten || insn.memory() || register(shape.first, insn) != register(shape.other, insn);
  }

  @Override
  public boolean leaves(Instruction insn) {
    return insn.memory();
  }

  private static int register(Operand operand, Instruction insn) {
    return switch (operand.kind()) {
      case G -> insn.reg();
      case Z -> insn.opcodeRegister();
      case FIXED -> 0;
      default -> insn.rm();
    };
  }

  /** Bits of an operand. */
  static int bits(Operand operand, Instruction insn) {
    if (operand.kind() == Operand.Kind.FIXED) {
      return operand.name().equals("AL") ? 8 : insn.operandSize();
    }
    return operand.bytes(insn.operandSize()) * 8;
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    Shape shape = shapes.get(insn.insn());
    if (insn.insn().mnemonic().equals("mov") && shape.first.kind() == Operand.Kind.Z && insn.operandSize() != 16 && bits(shape.first,
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
  private void constant(Instruction insn) {
    int to = registers.target(insn.opcodeRegister(), X64.RAX);
    code.constant(to, insn.operandSize() == 64 ? insn.imm() : insn.imm() & 0xFFFF_FFFFL);
    registers.set(insn.opcodeRegister(), to);
  }

  /** Emits an instruction's immediate, which is as long as it was. */
  private void immediate(Instruction insn, int bits) {
    Operand last = insn.insn().operands().getLast();
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

  private static boolean high(Operand operand, Instruction insn, int bits) {
    return bits == 8 && operand.kind() != Operand.Kind.FIXED && insn.highByte(register(operand, insn));
  }

  /** The host's register that an operand is in. */
  private int place(Operand operand, Instruction insn, int bits, int spare) {
    int register = register(operand, insn);
    if (high(operand, insn, bits)) {
      registers.loadHigh(spare, register);
      return spare;
    }
    // What is written in part keeps the rest.
    return operand.access().reads() || bits < 32 ? registers.source(register, spare) : registers.target(register, spare);
  }

  private void keep(Operand operand, Instruction insn, int bits, int from) {
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
