// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import static org.xenolith.inspect.x64.X64Operands.WORD;
import static org.xenolith.inspect.x64.X64Operands.general;
import static org.xenolith.inspect.x64.X64Operands.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InPort;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;
import org.xenolith.x64.isa.Trait;

/**
 * What an x86-64 instruction moves. What leaves whole bytes as they are is told byte for byte; of all others, what the table of forms says is written is computed of what it says is read.
 * Source: Intel SDM volume 2, the instructions' pages.
 */
final class X64DataMoves {
  private static final int UPPER_HALF = 4;

  private final Core cpu;
  private final InspectedMemory memory;
  private final Instruction insn;
  private final X64Operands operands;
  private final List<DataMove> moves = new ArrayList<>();

  private X64DataMoves(Core cpu, InspectedMemory memory, Instruction insn) {
    this.cpu = cpu;
    this.memory = memory;
    this.insn = insn;
    operands = new X64Operands(cpu, memory, insn);
  }

  /**
   * Of an instruction that a processor is about to execute.
   *
   * @param memory that it addresses
   */
  static List<DataMove> of(Core cpu, InspectedMemory memory, Instruction insn) {
    X64DataMoves all = new X64DataMoves(cpu, memory, insn);
    all.make();
    return List.copyOf(all.moves);
  }

  private void make() {
    String name = insn.insn().mnemonic();
    switch (name) {
      case "mov", "movnti" -> copied(0, 1);
      case "movzx" -> copied(0, 1);
      case "movsx", "movsxd" -> signed();
      case "movbe", "bswap" -> reversed();
      case "xchg" -> exchanged();
      case "cmpxchg" -> comparedAndExchanged();
      case "cmpxchg8b" -> bothHalves();
      case "lea" -> address();
      case "and", "or", "xor" -> logical(name);
      case "sub" -> same(0, 1);
      case "shl", "shr", "rol", "ror" -> shifted(name);
      case "movs", "stos", "lods", "ins" -> string();
      case "in" -> write(at(0), Optional.of(port(insn.insn().operands().get(1).name().equals("DX") ? cpu.r[CpuState.RDX] : insn.imm()
          & 0xFF,
          at(0).bytes())));
      case "vmcall", "vmmcall" -> computed(general(CpuState.RAX, 0, WORD), List.of(general(CpuState.RAX, 0, WORD)));
      default -> {
        if (name.startsWith("cmov")) {
          selected(name.substring("cmov".length()));
        } else if (!X64StackMoves.make(operands, moves) && !X64VectorMoves.make(operands, memory, moves)) {
          byTable();
        }
      }
    }
  }

  private static InPort port(long number, int bytes) {
    return new InPort((int) number & 0xFFFF, bytes);
  }

  private Place at(int number) {
    return operands.place(number).orElseThrow();
  }

  private void computed(Place to, List<Place> from) {
    moves.add(DataMove.computed(to, from));
  }

  /** Writes a place, of which a general register's upper half is cleared. @param from as many bytes or fewer, which are zero-extended; empty for a constant */
  private void write(Place to, Optional<? extends Place> from) {
    written(moves, to, from);
  }

  static void written(List<DataMove> moves, Place to, Optional<? extends Place> from) {
    int bytes = from.map(each -> Math.min(each.bytes(), to.bytes())).orElse(0);
    from.ifPresent(each -> moves.add(DataMove.copy(part(to, 0, bytes), part(each, 0, bytes))));
    if (bytes < to.bytes()) {
      moves.add(DataMove.computed(part(to, bytes, to.bytes() - bytes), List.of()));
    }
    upper(moves, to);
  }

  /** What 32 bits that are written clear above them. */
  static void upper(List<DataMove> moves, Place to) {
    if (to instanceof InRegister in && in.bytes() == UPPER_HALF && X64Registers.generalNumber(in.name()) >= 0) {
      moves.add(DataMove.computed(part(new InRegister(in.name(), 0, WORD), UPPER_HALF, UPPER_HALF), List.of()));
    }
  }

  /** Some bytes of a place. */
  static Place part(Place place, int first, int bytes) {
    return switch (place) {
      case InRegister in -> new InRegister(in.name(), in.first() + first, bytes);
      case InMemory in -> new InMemory(in.address() + first, bytes);
      case InPort in -> new InPort(in.number() + first, bytes);
    };
  }

  private void copied(int to, int from) {
    write(at(to), operands.place(from));
  }

  private void signed() {
    Place to = at(0);
    Place from = at(1);
    int bytes = Math.min(from.bytes(), to.bytes());
    moves.add(DataMove.copy(part(to, 0, bytes), part(from, 0, bytes)));
    if (bytes < to.bytes()) {
      computed(part(to, bytes, to.bytes() - bytes), List.of(part(from, bytes - 1, 1)));
    }
    upper(moves, to);
  }

  private void reversed() {
    Place to = at(0);
    Place from = operands.place(1).orElse(to);
    if (to.bytes() == 2 && from.equals(to)) {
      // BSWAP of 16 bits: undefined.
      byTable();
      return;
    }
    for (int i = 0; i < to.bytes(); i++) {
      moves.add(DataMove.copy(part(to, i, 1), part(from, to.bytes() - 1 - i, 1)));
    }
    upper(moves, to);
  }

  private void exchanged() {
    write(at(0), operands.place(1));
    write(at(1), operands.place(0));
  }

  /** Whether it stores is told by what is there. */
  private void comparedAndExchanged() {
    Place to = at(0);
    Place accumulator = general(CpuState.RAX, 0, to.bytes());
    Optional<Long> held = operands.value(to);
    if (held.isEmpty() || held.get() == (cpu.r[CpuState.RAX] & mask(to.bytes()))) {
      write(to, operands.place(1));
    } else {
      // What was there is written to memory again.
      if (to instanceof InMemory) {
        moves.add(DataMove.copy(to, to));
      }
      write(accumulator, Optional.of(to));
    }
  }

  private void bothHalves() {
    int half = insn.operandSize() == 64 ? WORD : UPPER_HALF;
    Place to = new InMemory(operands.address(), 2 * half);
    Optional<Long> low = operands.value(part(to, 0, half));
    Optional<Long> high = operands.value(part(to, half, half));
    boolean stored = low.isEmpty() || high.isEmpty() || low.get() == (cpu.r[CpuState.RAX] & mask(half)) && high.get()
        == (cpu.r[CpuState.RDX]
            & mask(half));
    if (stored) {
      moves.add(DataMove.copy(part(to, 0, half), general(CpuState.RBX, 0, half)));
      moves.add(DataMove.copy(part(to, half, half), general(CpuState.RCX, 0, half)));
    } else {
      moves.add(DataMove.copy(to, to));
      write(general(CpuState.RAX, 0, half), Optional.of(part(to, 0, half)));
      write(general(CpuState.RDX, 0, half), Optional.of(part(to, half, half)));
    }
  }

  private void address() {
    List<Place> from = Stream.of(insn.base(), insn.index()).filter(each -> each >= 0).distinct().<Place>map(each -> general(each, 0, WORD))
        .toList();
    computed(at(0), from);
    upper(moves, at(0));
  }

  /** With itself, the result is 0 whatever it holds. */
  private boolean same(int one, int other) {
    Optional<Place> place = operands.place(one);
    if (place.isPresent() && place.equals(operands.place(other))) {
      write(place.get(), Optional.empty());
      return true;
    }
    byTable();
    return false;
  }

  /** With a constant each byte is left as it is, becomes a constant, or is computed. */
  private void logical(String name) {
    if (operands.place(1).isPresent()) {
      if (name.equals("xor")) {
        same(0, 1);
      } else {
        byTable();
      }
      return;
    }
    Place to = at(0);
    for (int i = 0; i < to.bytes(); i++) {
      int bits = (int) (insn.imm() >> 8 * i) & 0xFF;
      Place one = part(to, i, 1);
      if (bits == (name.equals("and") ? 0xFF : 0)) {
        // A register's is as it was; memory is written.
        if (one instanceof InMemory) {
          moves.add(DataMove.copy(one, one));
        }
      } else {
        boolean constant = name.equals("and") && bits == 0 || name.equals("or") && bits == 0xFF;
        computed(one, constant ? List.of() : List.of(one));
      }
    }
    upper(moves, to);
  }

  /** By whole bytes. */
  private void shifted(String name) {
    Place to = at(0);
    Operand count = insn.insn().operands().get(1);
    long bits = switch (count.name()) {
      case "1" -> 1;
      case "CL" -> cpu.r[CpuState.RCX];
      default -> insn.imm();
    } & (to.bytes() == WORD ? 63 : 31);
    boolean rotated = name.startsWith("ro");
    if (bits % 8 != 0 || bits == 0 || bits >= 8L * to.bytes() && !rotated) {
      if (bits != 0) {
        byTable();
      } else {
        upper(moves, to);
      }
      return;
    }
    int by = (int) bits / 8 * (name.endsWith("l") ? -1 : 1);
    for (int i = 0; i < to.bytes(); i++) {
      int from = rotated ? Math.floorMod(i + by, to.bytes()) : i + by;
      moves.add(from < 0 || from >= to.bytes() ? DataMove.computed(part(to, i, 1), List.of()) : DataMove.copy(part(to, i, 1), part(to, from,
          1)));
    }
    upper(moves, to);
  }

  private void selected(String condition) {
    if (X64Conditions.holds(condition, (int) cpu.rflags())) {
      copied(0, 1);
    } else {
      upper(moves, at(0));
    }
  }

  /** One repetition: each counts as an instruction. */
  private void string() {
    boolean repeated = insn.rep() || insn.repne();
    if (repeated && operands.counter(CpuState.RCX) == 0) {
      return;
    }
    Place to = at(0);
    if (insn.insn().is(Trait.PORT)) {
      moves.add(DataMove.copy(to, port(cpu.r[CpuState.RDX], to.bytes())));
    } else {
      write(to, operands.place(1));
    }
    for (int i = 0; i < CpuState.RDI + 1; i++) {
      if ((insn.insn().registersWritten() >>> i & 1) != 0 && (i != CpuState.RCX || repeated)) {
        computed(general(i, 0, WORD), List.of(general(i, 0, WORD)));
      }
    }
  }

  /** What the form's row says. */
  private void byTable() {
    List<Place> from = new ArrayList<>();
    List<Operand> all = insn.insn().operands();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).access().reads()) {
        operands.place(i).ifPresent(from::add);
      }
    }
    for (int i = 0; i < X64Registers.GENERAL.length; i++) {
      if ((insn.insn().registersRead() >>> i & 1) != 0) {
        from.add(general(i, 0, WORD));
      }
    }
    if (insn.insn().flagsRead() != 0 && !insn.insn().is(Trait.BRANCH)) {
      from.add(X64Operands.flags());
    }
    List<Place> distinct = from.stream().distinct().toList();
    boolean twice = insn.insn().mnemonic().equals("xadd");
    for (int i = 0; i < all.size(); i++) {
      Optional<Place> to = operands.place(i);
      if (all.get(i).access().writes() && to.isPresent()) {
        if (twice && i == 1) {
          // With itself it is the sum.
          if (!to.equals(operands.place(0))) {
            write(to.get(), operands.place(0));
          }
        } else {
          computed(to.get(), distinct);
          upper(moves, to.get());
        }
      }
    }
    if (insn.insn().mnemonic().endsWith("strm")) {
      computed(X64Operands.vector(0, 0, X64Operands.VECTOR), distinct);
    }
    for (int i = 0; i < X64Registers.GENERAL.length; i++) {
      if ((insn.insn().registersWritten() >>> i & 1) != 0) {
        computed(general(i, 0, WORD), distinct);
      }
    }
  }
}
