// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Disassembler;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.Trait;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;

/**
 * What A64 instructions move. Loads, stores and what moves whole bytes between registers is told byte for byte; of all others the registers that their text names: the first is written, the
 * others are what it is computed of.
 */
final class A64Moves {
  private static final Pattern REGISTER = Pattern.compile("\\b(?:([xw])(\\d+)|(w?sp)|([bhsdqv])(\\d+)|([xw]zr))\\b");
  /** Instructions that write no register that their text names. */
  private static final Pattern WRITES_NONE = Pattern.compile(
      "(cmp|cmn|tst|ccmp|ccmn|fcmp|fcmpe|fccmp|fccmpe|msr|br|blr|ret|eret|cbz|cbnz|tbz|tbnz|b|b\\..*|prfm|prfum|sys|dc|ic|at|tlbi)( .*|$)");
  private static final int WORD = 8;
  private static final int VECTOR = 16;
  private static final int ZERO = 31;

  private final Cpu cpu;
  private final Decoder decoder = new Decoder();
  private final Disassembler disassembler = new Disassembler();

  A64Moves(Cpu cpu) {
    this.cpu = cpu;
  }

  /** Of an instruction that it is about to execute; empty if it is none. */
  Optional<List<DataMove>> of(int word) {
    Insn insn = decoder.decode(word);
    if (insn == null) {
      return Optional.empty();
    }
    if (insn == Insn.SYS) {
      return Optional.of(zeroing(word));
    }
    if (insn.is(Trait.READS_MEMORY) || insn.is(Trait.WRITES_MEMORY)) {
      return new A64MemoryMoves(cpu).of(insn, word);
    }
    List<DataMove> moves = new ArrayList<>();
    if (!registers(insn, word, moves)) {
      byText(disassembler.disassemble(cpu.pc, word), moves);
    }
    return Optional.of(moves);
  }

  static InRegister general(int number, int first, int bytes) {
    return new InRegister(number == ZERO ? "SP" : "X" + number, first, bytes);
  }

  static InRegister vector(int number, int first, int bytes) {
    return new InRegister("V" + number, first, bytes);
  }

  /** DC ZVA: a block of zeroes. */
  private List<DataMove> zeroing(int word) {
    if (Fields.systemRegister(word) != systemOperation(3, 7, 4, 1)) {
      return List.of();
    }
    int block = 4 << (int) (cpu.registers.value(SysReg.DCZID_EL0) & 15);
    return List.of(DataMove.computed(new DataMove.InMemory(cpu.x[Fields.rt(word)] & -block, block), List.of()));
  }

  /** As SYS has it: op0 is 1. */
  private static int systemOperation(int op1, int crn, int crm, int op2) {
    return 1 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
  }

  /** Moves of whole bytes between registers. Returns whether it is one. */
  private boolean registers(Insn insn, int word, List<DataMove> moves) {
    int bytes = Fields.sf(word) ? WORD : WORD / 2;
    int to = Fields.rd(word);
    int from = Fields.rn(word);
    switch (insn) {
      case ORR_SHIFTED -> {
        if (from != ZERO || Fields.imms(word) != 0) {
          return false;
        }
        moved(moves, to, 0, Fields.rm(word), 0, bytes);
      }
      case ADD_IMM -> {
        if (Fields.addImmediate(word) != 0) {
          return false;
        }
        moves.add(DataMove.copy(general(to, 0, bytes), general(from, 0, bytes)));
        zero(moves, to, bytes);
      }
      case UBFM -> {
        return bitfield(moves, word, bytes);
      }
      case BFM -> {
        return inserted(moves, word, bytes);
      }
      case AND_IMM, ORR_IMM, EOR_IMM -> logical(moves, insn, word, bytes);
      case SBFM -> {
        return signed(moves, word, bytes);
      }
      case CSEL -> moved(moves, to, 0, holds(Fields.cond(word)) ? from : Fields.rm(word), 0, bytes);
      case REV64, REV32, REV16 -> reversed(moves, insn, word, bytes);
      case MOVZ, MOVN, ADR, ADRP -> constant(moves, to, 0, WORD);
      case MOVK -> constant(moves, to, Fields.moveWideShift(word) / 8, 2);
      case FMOV_TO_GENERAL -> {
        moves.add(DataMove.copy(general(to, 0, bytes), vector(from, 0, bytes)));
        zero(moves, to, bytes);
      }
      case FMOV_FROM_GENERAL -> {
        moves.add(from == ZERO ? DataMove.computed(vector(to, 0, bytes), List.of()) : DataMove.copy(vector(to, 0, bytes), general(from, 0,
            bytes)));
        moves.add(DataMove.computed(vector(to, bytes, VECTOR - bytes), List.of()));
      }
      case FMOV_TO_GENERAL_HIGH -> moves.add(DataMove.copy(general(to, 0, WORD), vector(from, WORD, WORD)));
      case FMOV_FROM_GENERAL_HIGH -> moves.add(DataMove.copy(vector(to, WORD, WORD), general(from, 0, WORD)));
      case ORR_VEC -> {
        if (from != Fields.rm(word)) {
          return false;
        }
        int length = Fields.q(word) ? VECTOR : WORD;
        moves.add(DataMove.copy(vector(to, 0, length), vector(from, 0, length)));
        if (length < VECTOR) {
          moves.add(DataMove.computed(vector(to, length, VECTOR - length), List.of()));
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void constant(List<DataMove> moves, int to, int first, int bytes) {
    if (to != ZERO && bytes > 0) {
      moves.add(DataMove.computed(general(to, first, bytes), List.of()));
    }
  }

  private static void zero(List<DataMove> moves, int to, int from) {
    constant(moves, to, from, WORD - from);
  }

  /** Bytes go from one register to another, where 31 is zero; those behind them, if the register's half is written, are zeroes. */
  private static void moved(List<DataMove> moves, int to, int first, int from, int second, int bytes) {
    if (to == ZERO) {
      return;
    }
    moves.add(from == ZERO ? DataMove.computed(general(to, first, bytes), List.of()) : DataMove.copy(general(to, first, bytes), general(
        from, second, bytes)));
    zero(moves, to, first + bytes);
  }

  /** LSL, LSR and UXTB and the like, if they move whole bytes. */
  private static boolean bitfield(List<DataMove> moves, int word, int bytes) {
    int rotated = Fields.immr(word);
    int last = Fields.imms(word);
    if (last >= rotated && rotated % 8 == 0 && (last + 1) % 8 == 0) {
      moved(moves, Fields.rd(word), 0, Fields.rn(word), rotated / 8, (last + 1 - rotated) / 8);
      return true;
    }
    int shift = (8 * bytes - rotated) % (8 * bytes);
    if (last < rotated && shift % 8 == 0 && (last + 1) % 8 == 0) {
      constant(moves, Fields.rd(word), 0, shift / 8);
      moved(moves, Fields.rd(word), shift / 8, Fields.rn(word), 0, (last + 1) / 8);
      return true;
    }
    return false;
  }

  /** BFI and BFXIL, if they move whole bytes. */
  private static boolean inserted(List<DataMove> moves, int word, int bytes) {
    int rotated = Fields.immr(word);
    int last = Fields.imms(word);
    if (rotated % 8 != 0 || (last + 1) % 8 != 0 || Fields.rd(word) == ZERO) {
      return false;
    }
    int first = last >= rotated ? 0 : bytes - rotated / 8;
    int second = last >= rotated ? rotated / 8 : 0;
    int length = last >= rotated ? (last + 1 - rotated) / 8 : (last + 1) / 8;
    InRegister to = general(Fields.rd(word), first, length);
    moves.add(Fields.rn(word) == ZERO ? DataMove.computed(to, List.of()) : DataMove.copy(to, general(Fields.rn(word), second, length)));
    zero(moves, Fields.rd(word), bytes);
    return true;
  }

  /** Bytes of the mask that leave a byte as it is copy it; those that make it a constant do that. */
  private static void logical(List<DataMove> moves, Insn insn, int word, int bytes) {
    long mask = Fields.logicalImmediate(word);
    int to = Fields.rd(word);
    int from = Fields.rn(word);
    for (int i = 0; i < bytes; i++) {
      int bits = (int) (mask >>> 8 * i) & 0xFF;
      boolean constant = from == ZERO || insn == Insn.AND_IMM && bits == 0 || insn == Insn.ORR_IMM && bits == 0xFF;
      boolean kept = bits == (insn == Insn.AND_IMM ? 0xFF : 0);
      InRegister byteOf = general(to, i, 1);
      moves.add(constant ? DataMove.computed(byteOf, List.of()) : kept ? DataMove.copy(byteOf, general(from, i, 1)) : DataMove.computed(
          byteOf,
          List.of(general(from, i, 1))));
    }
    zero(moves, to, bytes);
  }

  /** SXTB, SXTH, SXTW: the bytes, and above them what their sign makes. */
  private static boolean signed(List<DataMove> moves, int word, int bytes) {
    int length = (Fields.imms(word) + 1) / 8;
    if (Fields.immr(word) != 0 || (Fields.imms(word) + 1) % 8 != 0 || Fields.rd(word) == ZERO || Fields.rn(word) == ZERO) {
      return false;
    }
    moves.add(DataMove.copy(general(Fields.rd(word), 0, length), general(Fields.rn(word), 0, length)));
    if (length < bytes) {
      moves.add(DataMove.computed(general(Fields.rd(word), length, bytes - length), List.of(general(Fields.rn(word), length - 1, 1))));
    }
    zero(moves, Fields.rd(word), bytes);
    return true;
  }

  private static void reversed(List<DataMove> moves, Insn insn, int word, int bytes) {
    int unit = insn == Insn.REV16 ? 2 : insn == Insn.REV32 ? 4 : WORD;
    for (int i = 0; i < bytes; i++) {
      if (Fields.rd(word) != ZERO && Fields.rn(word) != ZERO) {
        moves.add(DataMove.copy(general(Fields.rd(word), i, 1), general(Fields.rn(word), i ^ unit - 1, 1)));
      }
    }
    zero(moves, Fields.rd(word), bytes);
  }

  /** Whether a condition holds now (Arm ARM, C1.2.4). */
  private boolean holds(int condition) {
    int flags = (int) (cpu.pstate() >>> 28);
    boolean negative = (flags & 8) != 0;
    boolean zero = (flags & 4) != 0;
    boolean carry = (flags & 2) != 0;
    boolean overflow = (flags & 1) != 0;
    boolean result = switch (condition >> 1) {
      case 0 -> zero;
      case 1 -> carry;
      case 2 -> negative;
      case 3 -> overflow;
      case 4 -> carry && !zero;
      case 5 -> negative == overflow;
      case 6 -> negative == overflow && !zero;
      default -> true;
    };
    return condition < 14 && (condition & 1) != 0 ? !result : result;
  }

  private static void byText(String text, List<DataMove> moves) {
    if (WRITES_NONE.matcher(text).matches()) {
      return;
    }
    List<Place> named = new ArrayList<>();
    boolean dropped = false;
    Matcher matcher = REGISTER.matcher(text.contains(" ") ? text.substring(text.indexOf(' ')) : "");
    while (matcher.find()) {
      if (matcher.group(6) != null) {
        dropped |= named.isEmpty();
        continue;
      }
      named.add(matcher.group(1) != null ? general(Integer.parseInt(matcher.group(2)), 0, WORD) : matcher.group(3) != null ? general(ZERO,
          0,
          WORD) : vector(Integer.parseInt(matcher.group(5)), 0, VECTOR));
    }
    if (text.startsWith("bl ")) {
      moves.add(DataMove.computed(general(30, 0, WORD), List.of()));
    } else if (!named.isEmpty() && !dropped) {
      moves.add(DataMove.computed(named.getFirst(), named.subList(1, named.size()).stream().distinct().toList()));
    }
  }
}
