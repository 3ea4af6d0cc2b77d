// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.util.List;

/** The encoding column of a form, parsed. The words of the column are explained at {@link Insn}. */
final class Form {
  static final int ANY = 0;
  static final int NONE = 1;
  static final int NO_REPEAT = 2;
  static final int P66 = 3;
  static final int F3 = 4;
  static final int F2 = 5;

  static final int IMM_NONE = 0;
  static final int IMM_BYTE = 1;
  static final int IMM_WORD = 2;
  static final int IMM_Z = 3;
  static final int IMM_V = 4;
  static final int IMM_FAR = 5;
  static final int IMM_ENTER = 6;
  static final int IMM_OFFSET = 7;

  /** The mandatory prefix: one of the constants above. */
  final int prefix;
  /** 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A. */
  final int map;
  final int opcode;
  /** The low three bits of the opcode are a register. */
  final boolean opcodeRegister;
  final boolean modrm;
  /** ModRM.reg as part of the opcode, or -1. */
  final int digit;
  /** ModRM.rm as part of the opcode, or -1. */
  final int rm;
  final boolean memory;
  final boolean register;
  /** The mod field is ignored and rm is a register (MOV to and from CR and DR). */
  final boolean modIgnored;
  final int immediate;

  Form(String encoding, List<Operand> operands) {
    String[] words = encoding.split(" ");
    int at = 0;
    int kind = words.length == 1 ? ANY : switch (words[0]) {
      case "np" -> NONE;
      case "of" -> NO_REPEAT;
      case "66" -> P66;
      case "f3" -> F3;
      case "f2" -> F2;
      default -> ANY;
    };
    if (kind != ANY || words[0].equals("any"))
      at++;
    prefix = kind;
    int table = 0;
    if (words[at].equals("0f") && at + 1 < words.length) {
      at++;
      table = 1;
      if (at + 1 < words.length && (words[at].equals("38") || words[at].equals("3a")))
        table = words[at++].equals("38") ? 2 : 3;
    }
    map = table;
    opcode = Integer.parseInt(words[at].substring(0, 2), 16);
    opcodeRegister = words[at].endsWith("+r");
    String last = at + 1 < words.length ? words[at + 1] : "";
    modrm = !last.isEmpty();
    boolean slash = last.startsWith("/");
    boolean onlyMemory = slash && last.length() == 3 && last.endsWith("m");
    boolean onlyRegister = modrm && !slash || last.length() == 3 && last.endsWith("r");
    modIgnored = last.equals("/c");
    for (Operand operand : operands) {
      onlyMemory |= operand.kind() == Operand.Kind.M;
      onlyRegister |= !modIgnored && modrm && switch (operand.kind()) {
        case R, N, U -> true;
        default -> false;
      };
    }
    memory = modrm && !onlyRegister;
    register = modrm && !onlyMemory;
    int modrmByte = modrm && !slash ? Integer.parseInt(last.substring(0, 2), 16) : -1;
    digit = modrmByte >= 0 ? modrmByte >> 3 & 7 : slash && Character.isDigit(last.charAt(1)) ? last.charAt(1) - '0' : -1;
    rm = modrmByte >= 0 && !last.endsWith("+i") ? modrmByte & 7 : -1;
    int imm = IMM_NONE;
    for (Operand operand : operands)
      imm = Math.max(imm, immediate(operand.name()));
    immediate = imm;
  }

  private static int immediate(String name) {
    return switch (name) {
      case "Ib", "Ibs", "Jb" -> IMM_BYTE;
      case "Iw" -> IMM_WORD;
      case "Iz", "Jz" -> IMM_Z;
      case "Iv" -> IMM_V;
      case "Ap" -> IMM_FAR;
      case "Ib2" -> IMM_ENTER;
      case "Ob", "Ov" -> IMM_OFFSET;
      default -> IMM_NONE;
    };
  }

  /** Whether a prefix slot (0 none, 1 66, 2 F3, 3 F2) can select it; exactly, rather than for want of another form. */
  boolean takes(int slot) {
    return switch (prefix) {
      case NONE -> slot == 0;
      case NO_REPEAT -> slot <= 1;
      case P66 -> slot == 1;
      case F3 -> slot == 2;
      case F2 -> slot == 3;
      default -> true;
    };
  }
}
