// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.util.EnumSet;

/**
 * Writes instructions as {@code objdump -d -M intel} does, but for these: one space behind the mnemonic; no prefixes that have
 * no effect; no comments and symbols.
 */
public final class Disassembler {
  private static final String[] PREDICATES = {"eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"};
  private final Decoder decoder;

  /** For all features. */
  public Disassembler() {
    this(new Decoder(EnumSet.allOf(Feature.class)));
  }

  /** For what a decoder knows. */
  public Disassembler(Decoder decoder) {
    this.decoder = decoder;
  }

  /**
   * The text of the instruction at {@code from}, or {@code (bad)}.
   *
   * @param pc its address, for branch targets
   * @param to where the bytes end
   */
  public String disassemble(long pc, byte[] code, int from, int to, DecodeMode mode) {
    Instruction instruction = new Instruction();
    return decoder.decode(code, from, to, mode, instruction) < 0 ? "(bad)" : text(pc, instruction);
  }

  /** The text of a decoded instruction. */
  public String text(long pc, Instruction i) {
    StringBuilder text = new StringBuilder();
    if (i.lock)
      text.append("lock ");
    if (i.insn.is(Trait.STRING) && i.repeat != 0) {
      boolean compares = i.insn.flagsWritten() != 0;
      text.append(i.repeat == 0xF2 ? "repnz " : compares ? "repz " : "rep ");
    }
    text.append(mnemonic(i));
    boolean pseudo = pseudo(i);
    String gap = " ";
    for (Operand operand : i.insn.operands()) {
      if (pseudo && operand.name().equals("Ib"))
        continue;
      text.append(gap);
      operand(text, operand, i, pc);
      gap = ",";
    }
    return text.toString();
  }

  private static boolean pseudo(Instruction i) {
    return switch (i.insn) {
      case CMPPS_VPS_WPS_IB, CMPPD_VPD_WPD_IB, CMPSS_VSS_WSS_IB, CMPSD_VSD_WSD_IB -> (i.imm & 0xFF) < 8;
      case PCLMULQDQ_VDQ_WDQ_IB -> (i.imm & ~0x11) == 0;
      case AAM_IB, AAD_IB -> i.imm == 10;
      default -> false;
    };
  }

  private static String mnemonic(Instruction i) {
    String name = i.mnemonic();
    if (pseudo(i)) {
      if (name.startsWith("cmp"))
        return "cmp" + PREDICATES[(int) i.imm] + name.substring(3);
      if (name.startsWith("pclmul"))
        return "pclmul" + ((i.imm & 1) == 0 ? "l" : "h") + "q" + ((i.imm & 16) == 0 ? "l" : "h") + "qdq";
    }
    return switch (i.insn) {
      case NOP -> i.sizePrefix && i.rex < 0x48 ? "xchg ax,ax" : name;
      case MOV_ZV_IV -> i.operandSize == 64 ? "movabs" : name;
      case MOV_AL_OB, MOV_RAX_OV, MOV_OB_AL, MOV_OV_RAX -> i.addressSize == 64 ? "movabs" : name;
      default -> name;
    };
  }

  private static void operand(StringBuilder text, Operand operand, Instruction i, long pc) {
    boolean rex = i.rex != 0;
    int size = registerSize(operand, i);
    switch (operand.kind()) {
      case E, M, R -> {
        if (i.mod == 3)
          text.append(RegisterName.general(i.rm, size, rex));
        else
          memory(text, operand, i);
      }
      case Q -> media(text, operand, i, "mm", i.rm & 7);
      case W -> media(text, operand, i, "xmm", i.rm);
      case G -> text.append(RegisterName.general(i.reg, size, rex));
      case C -> text.append("cr").append(i.reg);
      case D -> text.append("dr").append(i.reg);
      case S -> text.append(RegisterName.segment(i.reg & 7));
      case P -> text.append("mm").append(i.reg & 7);
      case N -> text.append("mm").append(i.rm & 7);
      case V -> text.append("xmm").append(i.reg);
      case U -> text.append("xmm").append(i.rm);
      case Z -> text.append(RegisterName.general(i.opcodeRegister, size, rex));
      case I -> immediate(text, operand, i);
      case J -> hex(text, pc + i.length + i.imm & mask(i.mode == DecodeMode.LONG_64 ? 64 : i.operandSize));
      case A -> {
        hex(text, i.imm2);
        text.append(':');
        hex(text, i.imm);
      }
      case O -> {
        text.append(RegisterName.segment(i.segment < 0 ? 3 : i.segment)).append(':');
        hex(text, i.displacement);
      }
      case X -> string(text, operand, i, i.segment < 0 ? 3 : i.segment, 6);
      case Y -> string(text, operand, i, 0, 7);
      case STI -> text.append("st(").append(i.rm & 7).append(')');
      default -> text.append(switch (operand.name()) {
        case "rAX" -> RegisterName.general(0, i.operandSize, true);
        case "zAX" -> i.operandSize == 16 ? "ax" : "eax";
        case "ST0" -> "st";
        default -> operand.name().toLowerCase(java.util.Locale.ROOT);
      });
    }
  }

  private static void media(StringBuilder text, Operand operand, Instruction i, String name, int number) {
    if (i.mod == 3)
      text.append(name).append(number);
    else
      memory(text, operand, i);
  }

  static int registerSize(Operand operand, Instruction i) {
    return switch (operand.size()) {
      case "b" -> 8;
      case "w" -> 16;
      case "d", "dw", "db" -> 32;
      case "vw", "v" -> i.operandSize;
      case "z" -> i.operandSize == 16 ? 16 : 32;
      case "y" -> i.operandSize == 64 ? 64 : 32;
      case "n" -> i.mode == DecodeMode.LONG_64 ? 64 : 32;
      default -> i.operandSize;
    };
  }

  private static void immediate(StringBuilder text, Operand operand, Instruction i) {
    switch (operand.name()) {
      case "Ib" -> hex(text, i.imm & 0xFF);
      case "Ib2" -> hex(text, i.imm2);
      case "Iw" -> hex(text, i.imm & 0xFFFF);
      default -> hex(text, i.imm & mask(i.operandSize));
    }
  }

  private static long mask(int bits) {
    return -1L >>> 64 - bits;
  }

  private static void hex(StringBuilder text, long value) {
    text.append("0x").append(Long.toHexString(value));
  }

  static String pointer(int bytes) {
    return switch (bytes) {
      case 1 -> "BYTE PTR ";
      case 2 -> "WORD PTR ";
      case 4 -> "DWORD PTR ";
      case 6 -> "FWORD PTR ";
      case 8 -> "QWORD PTR ";
      case 10 -> "TBYTE PTR ";
      case 16 -> "XMMWORD PTR ";
      default -> "";
    };
  }

  private static void string(StringBuilder text, Operand operand, Instruction i, int segment, int register) {
    text.append(pointer(operand.bytes(i.operandSize))).append(RegisterName.segment(segment)).append(":[")
        .append(RegisterName.general(register, i.addressSize, true)).append(']');
  }

  private static String pointer(Operand operand, Instruction i) {
    if (i.insn == Insn.INVPCID_GN_MDQ)
      return "";
    return operand.size().equals("x") && i.operandSize == 64 ? "OWORD PTR " : pointer(operand.bytes(i.operandSize));
  }

  private static void memory(StringBuilder text, Operand operand, Instruction i) {
    text.append(pointer(operand, i));
    boolean bare = i.base < 0 && i.index < 0 && !i.ripRelative;
    if (i.segment >= 0)
      text.append(RegisterName.segment(i.segment)).append(':');
    else if (bare)
      text.append("ds:");
    if (bare) {
      hex(text, i.displacement & mask(i.addressSize));
      return;
    }
    text.append('[');
    if (i.ripRelative)
      text.append(i.addressSize == 64 ? "rip" : "eip");
    else if (i.base >= 0)
      text.append(RegisterName.general(i.base, i.addressSize, true));
    if (i.index >= 0) {
      text.append(i.base >= 0 ? "+" : "").append(RegisterName.general(i.index, i.addressSize, true));
      if (i.addressSize != 16)
        text.append('*').append(1 << i.scale);
    }
    if (i.displacementBytes > 0) {
      text.append(i.displacement < 0 && !i.ripRelative ? '-' : '+');
      hex(text, i.ripRelative ? i.displacement & mask(i.addressSize) : Math.abs(i.displacement));
    }
    text.append(']');
  }
}
