// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/** The integer operands of an instruction that is being decoded, as {@link OperandPlace}s. */
public final class IntegerOperands {
  private final Instruction insn;
  private final boolean flat;
  private final int end;

  /** @param end offset in the page of the byte behind the instruction */
  public IntegerOperands(Instruction insn, boolean flat, int end) {
    this.insn = insn;
    this.flat = flat;
    this.end = end;
  }

  /** The operand's number in the instruction. */
  public Operand operand(int number) {
    return insn.insn().operands().get(number);
  }

  /** Its size in bits. */
  public int bits(int number) {
    return bits(operand(number));
  }

  private int bits(Operand operand) {
    return switch (operand.kind()) {
      case FIXED -> switch (operand.name()) {
        case "AL", "CL", "1" -> 8;
        case "AX", "DX" -> 16;
        case "zAX" -> insn.operandSize() == 16 ? 16 : 32;
        default -> insn.operandSize();
      };
      default -> switch (operand.size()) {
        case "n" -> insn.mode() == DecodeMode.LONG_64 ? 64 : 32;
        case "vw" -> insn.memory() ? 16 : insn.operandSize();
        case "dw" -> insn.memory() ? 16 : 32;
        case "db" -> insn.memory() ? 8 : 32;
        case "" -> insn.mode() == DecodeMode.LONG_64 ? 64 : 32;
        default -> operand.bytes(insn.operandSize()) * 8;
      };
    };
  }

  /** Where it is. An immediate takes the size of the instruction's first operand. */
  public OperandPlace place(int number) {
    Operand operand = operand(number);
    int size = bits(operand);
    return switch (operand.kind()) {
      case E, R, M -> insn.memory() ? new OperandPlace.Memory(address(), size) : register(insn.rm(), size);
      case G -> register(insn.reg(), size);
      case Z -> register(insn.opcodeRegister(), size);
      case I -> new OperandPlace.Immediate(insn.imm(), number == 0 ? insn.operandSize() : bits(0));
      case O -> new OperandPlace.Memory(address(), size);
      case FIXED -> switch (operand.name()) {
        case "AL", "AX", "rAX", "zAX" -> register(CpuState.RAX, size);
        case "CL" -> register(CpuState.RCX, 8);
        case "DX" -> register(CpuState.RDX, 16);
        case "1" -> new OperandPlace.Immediate(1, 8);
        default -> throw new IllegalStateException(insn.insn() + ": operand " + operand.name());
      };
      default -> throw new IllegalStateException(insn.insn() + ": operand " + operand.name() + " is no integer");
    };
  }

  /** A general register of so many bits, by its number in the encoding. */
  public OperandPlace register(int number, int size) {
    return size == 8 && insn.highByte(number) ? new OperandPlace.High(number) : new OperandPlace.Register(number, size);
  }

  /** The memory operand by ModRM, or at an offset in the instruction. */
  public OperandAddress address() {
    return OperandAddress.of(insn, flat, end);
  }

  /** The memory at a register, through a segment. */
  public OperandAddress at(int register, int segment) {
    return OperandAddress.at(insn, register, segment, flat);
  }

  /** The instruction. */
  public Instruction insn() {
    return insn;
  }

  /** Whether ES, CS, SS and DS are flat. */
  public boolean flat() {
    return flat;
  }
}
