// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import static org.xenolith.inspect.x64.X64Operands.WORD;
import static org.xenolith.inspect.x64.X64Operands.general;

import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.x64.arch.CpuState;

/** What instructions of the stack move. Source: Intel SDM volume 1, chapter 6. */
final class X64StackMoves {
  private static final int REGISTERS = 8;

  private final X64Operands operands;
  private final List<DataMove> moves;

  private X64StackMoves(X64Operands operands, List<DataMove> moves) {
    this.operands = operands;
    this.moves = moves;
  }

  /** Returns whether it is one. */
  static boolean make(X64Operands operands, List<DataMove> moves) {
    return new X64StackMoves(operands, moves).make();
  }

  private boolean make() {
    switch (operands.insn.insn().mnemonic()) {
      case "push" -> push(operands.place(0));
      case "pushf" -> push(Optional.of(X64Operands.flags()));
      case "pop" -> pop();
      case "call" -> call();
      case "pusha" -> pushAll();
      case "popa" -> popAll();
      case "leave" -> leave();
      case "enter" -> enter();
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Memory of the stack from a word on. */
  private Place stack(int word) {
    return new InMemory(operands.cpu.stackAddress(operands.cpu.r[CpuState.RSP] + (long) word * operands.size()), operands.size());
  }

  private void pointer() {
    moves.add(DataMove.computed(general(CpuState.RSP, 0, WORD), List.of(general(CpuState.RSP, 0, WORD))));
  }

  private void push(Optional<Place> from) {
    X64DataMoves.written(moves, stack(-1), from);
    pointer();
  }

  /** Its address is counted with RSP as it is behind. */
  private void pop() {
    Place to = operands.insn.memory() ? new InMemory(operands.address(operands.size()), operands.size()) : operands.place(0).orElseThrow();
    X64DataMoves.written(moves, to, Optional.of(stack(0)));
    pointer();
  }

  /** A far one pushes CS, too. */
  private void call() {
    boolean far = !operands.insn.insn().operands().getFirst().kind().name().matches("J|E");
    moves.add(DataMove.computed(stack(-1), List.of()));
    if (far) {
      moves.add(DataMove.computed(stack(-2), List.of()));
    }
    pointer();
  }

  private void pushAll() {
    for (int i = 0; i < REGISTERS; i++) {
      moves.add(DataMove.copy(stack(-1 - i), general(i, 0, operands.size())));
    }
    pointer();
  }

  /** What would be RSP is left out. */
  private void popAll() {
    for (int i = 0; i < REGISTERS; i++) {
      if (i != CpuState.RSP) {
        X64DataMoves.written(moves, general(i, 0, operands.size()), Optional.of(stack(REGISTERS - 1 - i)));
      }
    }
    pointer();
  }

  private void leave() {
    Place frame = new InMemory(operands.cpu.stackAddress(operands.cpu.r[CpuState.RBP]), operands.size());
    moves.add(DataMove.computed(general(CpuState.RSP, 0, WORD), List.of(general(CpuState.RBP, 0, WORD))));
    X64DataMoves.written(moves, general(CpuState.RBP, 0, operands.size()), Optional.of(frame));
  }

  /** With levels the frames' addresses are copied, too: they are computed. */
  private void enter() {
    int level = operands.insn.imm2() & 31;
    moves.add(DataMove.copy(stack(-1), general(CpuState.RBP, 0, operands.size())));
    for (int i = 1; i <= level; i++) {
      moves.add(DataMove.computed(stack(-1 - i), List.of(general(CpuState.RBP, 0, WORD))));
    }
    moves.add(DataMove.computed(general(CpuState.RBP, 0, WORD), List.of(general(CpuState.RSP, 0, WORD))));
    pointer();
  }
}
