// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.util.Set;

/**
 * Finds the form and the fields of an instruction. May be shared by threads. Near branches in 64-bit mode ignore the operand size
 * prefix, as Intel's processors do and AMD's don't. Source: Intel SDM vol. 2A, chapter 2.
 */
public final class Decoder {
  /** No such instruction: #UD. */
  public static final int UNDEFINED = -1;
  /** The bytes end before the instruction does. */
  public static final int TRUNCATED = -2;
  /** Longer than 15 bytes: #GP. */
  public static final int TOO_LONG = -3;
  private static final int MAX_LENGTH = 15;
  private static final byte[] PREFIXES = prefixes();
  private static final int OPSIZE = 1;
  private static final int ADDRSIZE = 2;
  private static final int LOCK = 3;
  private static final int REPEAT = 4;
  private static final int SEGMENT = 5;
  private static final int REX = 6;
  private static final byte[] SEGMENTS = new byte[256];

  static {
    SEGMENTS[0x26] = 0;
    SEGMENTS[0x2E] = 1;
    SEGMENTS[0x36] = 2;
    SEGMENTS[0x3E] = 3;
    SEGMENTS[0x64] = 4;
    SEGMENTS[0x65] = 5;
  }

  private final DecodeTable longTable;
  private final DecodeTable legacyTable;
  private final Insn[] insns = Insn.all();
  private final int[] traits = new int[insns.length];
  private final byte[] immediates = new byte[insns.length];
  private final byte[] mandatory = new byte[insns.length];
  private final boolean[] modIgnored = new boolean[insns.length];
  private static final int PLAIN = 0;
  private static final int SEGMENT_REGISTER = 1;
  private static final int SEGMENT_TARGET = 2;
  private static final int CONTROL = 3;
  private static final int DEBUG = 4;
  private final byte[] checks = new byte[insns.length];

  /** For a processor with those features. Forms of other features are undefined, or fall back as TZCNT does to BSF. */
  public Decoder(Set<Feature> features) {
    longTable = new DecodeTable(features, true);
    legacyTable = new DecodeTable(features, false);
    for (Insn insn : insns) {
      int i = insn.ordinal();
      traits[i] = insn.traitBits();
      immediates[i] = (byte) insn.form().immediate;
      mandatory[i] = (byte) insn.form().prefix;
      modIgnored[i] = insn.form().modIgnored;
      checks[i] = (byte) check(insn);
    }
  }

  private static int check(Insn insn) {
    for (Operand operand : insn.operands())
      switch (operand.kind()) {
      case S -> {
        return operand.access().writes() ? SEGMENT_TARGET : SEGMENT_REGISTER;
      }
      case C -> {
        return CONTROL;
      }
      case D -> {
        return DEBUG;
      }
      default -> {
      }
      }
    return PLAIN;
  }

  private static byte[] prefixes() {
    byte[] kinds = new byte[256];
    kinds[0x66] = OPSIZE;
    kinds[0x67] = ADDRSIZE;
    kinds[0xF0] = LOCK;
    kinds[0xF2] = kinds[0xF3] = REPEAT;
    kinds[0x26] = kinds[0x2E] = kinds[0x36] = kinds[0x3E] = kinds[0x64] = kinds[0x65] = SEGMENT;
    for (int b = 0x40; b < 0x50; b++)
      kinds[b] = REX;
    return kinds;
  }

  /**
   * Decodes the instruction at {@code from}.
   *
   * @param to where the bytes end
   * @param into what is filled in; after a negative result its content is undefined
   * @return the length, or {@link #UNDEFINED}, {@link #TRUNCATED} or {@link #TOO_LONG}
   */
  public int decode(byte[] code, int from, int to, DecodeMode mode, Instruction into) {
    clear(into, mode);
    int limit = Math.min(to, from + MAX_LENGTH);
    int at = from;
    boolean longMode = mode == DecodeMode.LONG_64;
    int b;
    while (true) {
      if (at >= limit)
        return shortOf(from, at);
      b = code[at++] & 0xFF;
      int kind = PREFIXES[b];
      if (kind == 0 || kind == REX && !longMode)
        break;
      if (kind == REX)
        into.rex = b;
      else {
        into.rex = 0;
        prefix(into, kind, b, longMode);
      }
    }
    int map = 0;
    if (b == 0x0F) {
      if (at >= limit)
        return shortOf(from, at);
      b = code[at++] & 0xFF;
      map = 1;
      if (b == 0x38 || b == 0x3A) {
        map = b == 0x38 ? 2 : 3;
        if (at >= limit)
          return shortOf(from, at);
        b = code[at++] & 0xFF;
      }
    }
    return opcode(code, from, at, limit, map, b, longMode ? longTable : legacyTable, into);
  }

  private static void clear(Instruction into, DecodeMode mode) {
    into.mode = mode;
    into.rex = 0;
    into.lock = false;
    into.repeat = 0;
    into.segment = -1;
    into.segmentPrefix = -1;
    into.sizePrefix = false;
    into.addressPrefix = false;
    into.addressSize = mode.addressSize();
    into.mod = -1;
    into.base = -1;
    into.index = -1;
    into.scale = 0;
    into.displacement = 0;
    into.displacementBytes = 0;
    into.ripRelative = false;
    into.imm = 0;
    into.imm2 = 0;
  }

  private static int shortOf(int from, int at) {
    return at - from >= MAX_LENGTH ? TOO_LONG : TRUNCATED;
  }

  private static void prefix(Instruction into, int kind, int b, boolean longMode) {
    switch (kind) {
      case OPSIZE -> into.sizePrefix = true;
      case ADDRSIZE -> {
        into.addressPrefix = true;
        into.addressSize = into.mode.addressSize() == 32 ? 16 : 32;
      }
      case LOCK -> into.lock = true;
      case REPEAT -> into.repeat = b;
      default -> {
        into.segmentPrefix = SEGMENTS[b];
        if (!longMode || b >= 0x64)
          into.segment = SEGMENTS[b];
      }
    }
  }

  private int opcode(byte[] code, int from, int start, int limit, int map, int b, DecodeTable table, Instruction into) {
    int at = start;
    int slot = into.repeat != 0 ? into.repeat == 0xF3 ? 2 : 3 : into.sizePrefix ? 1 : 0;
    int low = 0;
    int modrm = 0;
    boolean hasModrm = table.modrm[map << 8 | b];
    if (hasModrm) {
      if (at >= limit)
        return shortOf(from, at);
      modrm = code[at++] & 0xFF;
      low = modrm >> 3 & 7 | (modrm >= 0xC0 ? 8 : 0);
    }
    int entry = table.entries[DecodeTable.index(map, b, slot, low)];
    if (entry >= DecodeTable.BY_RM)
      entry = table.byRm[(entry - DecodeTable.BY_RM) * 8 + (modrm & 7)];
    if (entry == 0)
      return UNDEFINED;
    int form = entry - 1;
    into.opcodeRegister = b & 7 | (into.rex & 1) << 3;
    if (b == 0x90 && map == 0 && (into.rex & 1) != 0)
      form = Insn.XCHG_ZV_RAX.ordinal();
    into.insn = insns[form];
    if (hasModrm) {
      into.reg = modrm >> 3 & 7 | (into.rex & 4) << 1;
      into.rm = modrm & 7 | (into.rex & 1) << 3;
      into.mod = modIgnored[form] ? 3 : modrm >> 6;
      if (into.mod != 3) {
        at = into.addressSize == 16 ? address16(code, at, limit, modrm, into) : address(code, at, limit, modrm, into);
        if (at < 0)
          return shortOf(from, limit);
      }
    }
    into.operandSize = operandSize(form, into);
    int kind = immediates[form];
    if (kind != Form.IMM_NONE) {
      at = kind == Form.IMM_BYTE ? immediateByte(code, at, limit, into) : immediate(code, at, limit, kind, into);
      if (at < 0)
        return shortOf(from, limit);
    }
    into.length = at - from;
    return into.lock || checks[form] != PLAIN || (traits[form] & NOT_IN_REAL) != 0 ? checked(form, into) : into.length;
  }

  private static final int NOT_IN_REAL = 1 << Trait.NOT_IN_REAL.ordinal();
  private static final int LOCKABLE = 1 << Trait.LOCKABLE.ordinal();
  private static final int DEFAULT_64 = 1 << Trait.DEFAULT_64.ordinal();
  private static final int FORCED_64 = 1 << Trait.FORCED_64.ordinal();

  private int checked(int form, Instruction into) {
    if (into.lock && ((traits[form] & LOCKABLE) == 0 || into.mod == 3))
      return UNDEFINED;
    if (into.mode == DecodeMode.REAL && (traits[form] & NOT_IN_REAL) != 0)
      return UNDEFINED;
    boolean valid = switch (checks[form]) {
      case SEGMENT_REGISTER -> (into.reg & 7) < 6;
      case SEGMENT_TARGET -> (into.reg & 7) < 6 && (into.reg & 7) != 1;
      case CONTROL -> into.reg == 0 || into.reg >= 2 && into.reg <= 4 || into.reg == 8;
      case DEBUG -> into.reg < 8;
      default -> true;
    };
    return valid ? into.length : UNDEFINED;
  }

  private int operandSize(int form, Instruction into) {
    boolean prefix = into.sizePrefix && mandatory[form] != Form.P66;
    if (into.mode != DecodeMode.LONG_64)
      return (into.mode == DecodeMode.PROTECTED_32) != prefix ? 32 : 16;
    if ((into.rex & 8) != 0 || (traits[form] & FORCED_64) != 0)
      return 64;
    return prefix ? 16 : (traits[form] & DEFAULT_64) != 0 ? 64 : 32;
  }

  private static int address(byte[] code, int start, int limit, int modrm, Instruction into) {
    int at = start;
    int base = modrm & 7;
    if (base == 4) {
      if (at >= limit)
        return -1;
      int sib = code[at++] & 0xFF;
      base = sib & 7;
      int index = sib >> 3 & 7 | (into.rex & 2) << 2;
      into.index = index == 4 ? -1 : index;
      into.scale = sib >> 6;
      if (base == 5 && into.mod == 0)
        return displacement(code, at, limit, 4, into);
    } else if (base == 5 && into.mod == 0) {
      into.ripRelative = into.mode == DecodeMode.LONG_64;
      return displacement(code, at, limit, 4, into);
    }
    into.base = base | (into.rex & 1) << 3;
    return into.mod == 0 ? at : displacement(code, at, limit, into.mod == 1 ? 1 : 4, into);
  }

  private static int address16(byte[] code, int at, int limit, int modrm, Instruction into) {
    int rm = modrm & 7;
    if (rm == 6 && into.mod == 0)
      return displacement(code, at, limit, 2, into);
    into.base = rm < 2 || rm == 7 ? 3 : rm == 2 || rm == 3 || rm == 6 ? 5 : rm + 2;
    into.index = rm < 4 ? 6 + (rm & 1) : -1;
    return into.mod == 0 ? at : displacement(code, at, limit, into.mod, into);
  }

  private static int displacement(byte[] code, int at, int limit, int bytes, Instruction into) {
    if (at + bytes > limit)
      return -1;
    into.displacementBytes = bytes;
    into.displacement = bytes == 1 ? code[at] : bytes == 2 ? (short) number(code, at, 2) : (int) number(code, at, 4);
    return at + bytes;
  }

  private static int immediateByte(byte[] code, int at, int limit, Instruction into) {
    if (at >= limit)
      return -1;
    into.imm = code[at];
    return at + 1;
  }

  private static int immediate(byte[] code, int at, int limit, int kind, Instruction into) {
    int size = into.operandSize / 8;
    int bytes = switch (kind) {
      case Form.IMM_WORD -> 2;
      case Form.IMM_Z -> Math.min(size, 4);
      case Form.IMM_V -> size;
      case Form.IMM_FAR -> size + 2;
      case Form.IMM_ENTER -> 3;
      default -> into.addressSize / 8;
    };
    if (at + bytes > limit)
      return -1;
    switch (kind) {
      case Form.IMM_FAR -> {
        into.imm = number(code, at, size);
        into.imm2 = (int) number(code, at + size, 2);
      }
      case Form.IMM_ENTER -> {
        into.imm = (short) number(code, at, 2);
        into.imm2 = code[at + 2] & 0xFF;
      }
      case Form.IMM_OFFSET -> {
        into.mod = 0;
        into.displacementBytes = bytes;
        into.displacement = number(code, at, bytes);
      }
      default -> into.imm = number(code, at, bytes) << 64 - 8 * bytes >> 64 - 8 * bytes;
    }
    return at + bytes;
  }

  private static long number(byte[] code, int at, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--)
      value = value << 8 | code[at + i] & 0xFF;
    return value;
  }
}
