// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.ArrayDeque;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.isa.Disassembler;
import org.xenolith.machine.kit.Ram;

/** The instructions that lead to one, as text. */
final class CheckedTrace {
  private static final int LINES = 12;

  private final Cpu cpu;
  private final Interpreter interpreter;
  private final Disassembler disassembler = new Disassembler();

  CheckedTrace(Cpu cpu, Interpreter interpreter) {
    this.cpu = cpu;
    this.interpreter = interpreter;
  }

  /** Executes so many instructions. Returns the last of them and the one behind them, a line each. */
  String text(long count) {
    ArrayDeque<String> lines = new ArrayDeque<>();
    for (long i = 0; i <= count; i++) {
      if (lines.size() == LINES) {
        lines.remove();
      }
      if (count - i < LINES) {
        lines.add(line());
      }
      if (i < count) {
        cpu.left = 1;
        interpreter.slice();
      }
    }
    return String.join("", lines);
  }

  private String line() {
    long pc = cpu.pc;
    try {
      long frame = cpu.mmu.code(pc).frame;
      Ram ram = cpu.env.bus().readable(frame);
      if (ram != null) {
        int word = (int) ram.read((int) (frame - ram.base) + (int) (pc & 0xFFF), 4);
        return "  0x%x: %08x  %s%n".formatted(pc, word, disassembler.disassemble(pc, word));
      }
    } catch (GuestFault fault) {
      // The interpreter came there, so this isn't to be.
    }
    return "  0x%x%n".formatted(pc);
  }
}
