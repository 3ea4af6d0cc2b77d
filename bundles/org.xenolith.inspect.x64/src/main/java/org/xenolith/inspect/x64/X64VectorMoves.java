// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import static org.xenolith.inspect.x64.X64Operands.VECTOR;
import static org.xenolith.inspect.x64.X64Operands.WORD;
import static org.xenolith.inspect.x64.X64Operands.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;

/** What moves, shuffles and areas of XMM and MMX registers move. Source: Intel SDM volume 1, chapters 10, 11 and 13. */
final class X64VectorMoves {
  /** Where XMM0 is in the area of FXSAVE and XSAVE (10.5.1), and the header's bits of components. */
  private static final int AREA_XMM = 160;
  private static final int AREA_COMPONENTS = 512;
  private static final int SSE = 2;

  private final X64Operands operands;
  private final InspectedMemory memory;
  private final List<DataMove> moves;

  private X64VectorMoves(X64Operands operands, InspectedMemory memory, List<DataMove> moves) {
    this.operands = operands;
    this.memory = memory;
    this.moves = moves;
  }

  /** Returns whether it is one. */
  static boolean make(X64Operands operands, InspectedMemory memory, List<DataMove> moves) {
    return new X64VectorMoves(operands, memory, moves).make(operands.insn.insn().mnemonic());
  }

  private boolean make(String name) {
    switch (name) {
      case "movdqa", "movdqu", "movaps", "movapd", "movups", "movupd", "movntdq", "movntps", "movntpd", "movntdqa", "lddqu", "movntq" ->
          copy(0,
              0,
              VECTOR);
      case "movd", "movq", "movq2dq", "movdq2q" -> whole();
      case "movss" -> scalar(WORD / 2);
      case "movsd" -> scalar(WORD);
      case "movlps", "movlpd" -> copy(0, 0, WORD);
      case "movhps", "movhpd" -> copy(at(0) instanceof InMemory ? 0 : WORD, at(1) instanceof InMemory ? 0 : WORD, WORD);
      case "movhlps" -> copy(0, WORD, WORD);
      case "movlhps", "punpcklqdq" -> copy(WORD, 0, WORD);
      case "punpckhqdq" -> {
        moves.add(DataMove.copy(X64DataMoves.part(at(0), 0, WORD), X64DataMoves.part(at(0), WORD, WORD)));
        copy(WORD, WORD, WORD);
      }
      case "pshufd" -> IntStream.range(0, 4).forEach(each -> copy(4 * each, (int) (operands.insn.imm() >>> 2 * each & 3) * 4, 4));
      case "pslldq", "psrldq" -> shifted(name.equals("pslldq") ? -1 : 1);
      case "pxor", "xorps", "xorpd", "psubb", "psubw", "psubd", "psubq", "pandn", "andnps", "andnpd" -> {
        return zeroed();
      }
      case "fxsave", "xsave", "xsaveopt", "xsavec", "xsaves" -> save(name);
      case "fxrstor", "xrstor", "xrstors" -> restore(name);
      default -> {
        return false;
      }
    }
    return true;
  }

  private Place at(int number) {
    return operands.place(number).orElseThrow();
  }

  private void copy(int to, int from, int most) {
    int bytes = Math.min(most, Math.min(at(0).bytes() - to, at(1).bytes() - from));
    moves.add(DataMove.copy(X64DataMoves.part(at(0), to, bytes), X64DataMoves.part(at(1), from, bytes)));
  }

  /** MOVD and MOVQ: what is above becomes 0. */
  private void whole() {
    boolean half = operands.insn.insn().operands().stream().anyMatch(each -> each.size().equals("y")) && operands.insn.operandSize() != 64;
    int size = half ? WORD / 2 : WORD;
    Place to = at(0);
    Place written = to instanceof InRegister in && in.name().startsWith("XMM") ? new InRegister(in.name(), 0, VECTOR)
        : to instanceof InRegister in && in.name().startsWith("ST") ? to : X64DataMoves.part(to, 0, size);
    X64DataMoves.written(moves, written, Optional.of(X64DataMoves.part(at(1), 0, size)));
  }

  /** From memory what is above becomes 0, from a register it stays. */
  private void scalar(int bytes) {
    copy(0, 0, bytes);
    if (at(1) instanceof InMemory) {
      moves.add(DataMove.computed(X64DataMoves.part(vector(operands.insn.reg(), 0, VECTOR), bytes, VECTOR - bytes), List.of()));
    }
  }

  private void shifted(int sign) {
    int by = (int) Math.min(operands.insn.imm() & 0xFF, VECTOR);
    Place place = at(0);
    int kept = VECTOR - by;
    if (kept > 0 && by > 0) {
      moves.add(DataMove.copy(X64DataMoves.part(place, sign < 0 ? by : 0, kept), X64DataMoves.part(place, sign < 0 ? 0 : by, kept)));
    }
    if (by > 0) {
      moves.add(DataMove.computed(X64DataMoves.part(place, sign < 0 ? 0 : kept, by), List.of()));
    }
  }

  private boolean zeroed() {
    if (!at(0).equals(at(1))) {
      return false;
    }
    moves.add(DataMove.computed(at(0), List.of()));
    return true;
  }

  /** Whether XMM registers are meant: by FXSAVE always. */
  private boolean requested(String name) {
    return name.startsWith("fx") || (operands.cpu.r[CpuState.RAX] & SSE) != 0;
  }

  private int registers() {
    return operands.cpu.mode == DecodeMode.LONG_64 ? 16 : 8;
  }

  private void save(String name) {
    long area = operands.address();
    if (requested(name)) {
      for (int i = 0; i < registers(); i++) {
        moves.add(DataMove.copy(new InMemory(area + AREA_XMM + (long) VECTOR * i, VECTOR), vector(i, 0, VECTOR)));
      }
    }
    List<Place> x87 = new ArrayList<>();
    IntStream.range(0, 8).forEach(each -> x87.add(new InRegister("ST" + each, 0, 10)));
    moves.add(DataMove.computed(new InMemory(area, AREA_XMM), x87));
    if (!name.startsWith("fx")) {
      moves.add(DataMove.computed(new InMemory(area + AREA_COMPONENTS, 64), List.of(X64Operands.general(CpuState.RAX, 0, WORD))));
    }
  }

  /** A component that the area says is in its first state becomes 0. */
  private void restore(String name) {
    long area = operands.address();
    if (!requested(name)) {
      return;
    }
    boolean first = !name.startsWith("fx") && memory.read(area + AREA_COMPONENTS, 1).map(each -> (each[0] & SSE) == 0).orElse(false);
    for (int i = 0; i < registers(); i++) {
      moves.add(first ? DataMove.computed(vector(i, 0, VECTOR), List.of()) : DataMove.copy(vector(i, 0, VECTOR), new InMemory(area
          + AREA_XMM
          + (long) VECTOR * i, VECTOR)));
    }
  }
}
