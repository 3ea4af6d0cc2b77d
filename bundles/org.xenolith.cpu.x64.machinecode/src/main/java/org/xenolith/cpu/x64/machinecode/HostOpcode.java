// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;

/**
 * The bytes of a form, with which the host has the same instruction with other registers. Source: Intel SDM volume 2, chapter 2.
 *
 * @param prefix the mandatory prefix, or 0
 * @param map    0 for one byte, 1 for 0F, 2 for 0F 38, 3 for 0F 3A
 * @param opcode the last byte of the opcode
 * @param digit  ModRM.reg as part of the opcode, or -1
 */
record HostOpcode(int prefix, int map, int opcode, int digit) {
  /** By form; null where it wasn't asked for. */
  private static final HostOpcode[] KNOWN = new HostOpcode[Insn.values().length];

  /** Of a form with a ModRM byte, by its encoding in {@link Insn}. */
  static HostOpcode of(Insn insn) {
    HostOpcode known = KNOWN[insn.ordinal()];
    if (known == null) {
      // Whoever races comes to the same.
      known = parse(insn);
      KNOWN[insn.ordinal()] = known;
    }
    return known;
  }

  private static HostOpcode parse(Insn insn) {
    String[] words = insn.encoding().split(" ");
    int at = 0;
    int prefix = switch (words[0]) {
      case "66" -> words.length > 1 ? 0x66 : 0;
      case "f2" -> 0xF2;
      case "f3" -> 0xF3;
      default -> 0;
    };
    if (prefix != 0 || words[0].length() == 2 && !isHexadecimal(words[0]) || words[0].equals("any")) {
      at++;
    }
    int map = 0;
    if (words[at].equals("0f") && at + 1 < words.length) {
      map = 1;
      at++;
      if (at + 1 < words.length && (words[at].equals("38") || words[at].equals("3a"))) {
        map = words[at++].equals("38") ? 2 : 3;
      }
    }
    int opcode = Integer.parseInt(words[at].substring(0, 2), 16);
    String last = words[words.length - 1];
    return new HostOpcode(prefix, map, opcode, last.startsWith("/") && Character.isDigit(last.charAt(1)) ? last.charAt(1) - '0' : -1);
  }

  private static boolean isHexadecimal(String word) {
    return Character.digit(word.charAt(0), 16) >= 0 && Character.digit(word.charAt(1), 16) >= 0;
  }

  /** The same instruction in the group of 80 to 83, C0 and so on. */
  static HostOpcode group(int opcode, int digit) {
    return new HostOpcode(0, 0, opcode, digit);
  }

  /**
   * Emits it with an operand that is a register.
   *
   * @param bytes whether an operand is a byte: then all registers are such that have a prefix
   */
  void register(X64 code, Instruction insn, boolean bytes, int reg, int rm) {
    int modReg = digit >= 0 ? digit : reg;
    begin(code, insn, bytes, digit >= 0 ? 0 : reg, 0, rm);
    code.modRegister(modReg, rm);
  }

  /** Emits it with an operand in memory at base + index. @param index negative for none */
  void memory(X64 code, Instruction insn, boolean bytes, int reg, int base, int index, int disp) {
    int modReg = digit >= 0 ? digit : reg;
    begin(code, insn, bytes, digit >= 0 ? 0 : reg, Math.max(index, 0), base);
    code.modScaled(modReg, base, index, 0, disp);
  }

  private void begin(X64 code, Instruction insn, boolean bytes, int reg, int index, int base) {
    if (insn.operandSize() == 16 && prefix != 0x66) {
      code.byteOf(0x66);
    }
    if (prefix != 0) {
      code.byteOf(prefix);
    }
    boolean wide = (insn.rex() & 8) != 0;
    if (bytes) {
      // Without a prefix, 4 to 7 would be AH to BH.
      code.byteOf(0x40 | (wide ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | base >> 3);
    } else {
      code.rex(wide, reg, index, base);
    }
    if (map > 0) {
      code.byteOf(0x0F);
    }
    if (map > 1) {
      code.byteOf(map == 2 ? 0x38 : 0x3A);
    }
    code.byteOf(opcode);
  }
}
