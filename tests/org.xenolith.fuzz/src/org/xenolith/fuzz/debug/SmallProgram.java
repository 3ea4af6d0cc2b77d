// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.debug;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.fuzz.files.SmallMachine;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.MachineState;

/** A machine that executes a small program for some thousand instructions, and stands where it begins again for each input. */
final class SmallProgram {
  private static final long RAM = 0x4000_0000L;
  private static final int SIZE = 1 << 16;
  private static final int END = 4_000;
  private static final String PROGRAM = """
            movz x5, #0x4000, lsl #16
            movz x1, #7
      again: add x3, x3, #1
            str  x3, [x5, #0x800]
            ldr  x2, [x5, #0x800]
            subs x1, x1, #1
            b.ne again
            movz x1, #9
            b    again
      """;
  /** Null until there is one. */
  private Machine machine;
  private MachineState begin;
  private String digest;

  /**
   * Has it stand at its begin.
   *
   * @param faults is told what goes wrong in the machine
   * @return whether it was made anew for that
   */
  boolean begin(Consumer<String> faults) {
    try {
      if (machine != null) {
        machine.restore(begin);
        return false;
      }
      machine = SmallMachine.build(SIZE, faults);
      byte[] program = Assembler.program(RAM, PROGRAM).bytes();
      machine.load(RAM, program, 0, program.length);
      machine.start(new ArmEntry(RAM, 0));
      begin = machine.state();
      machine.run(new RunLimit(Long.MAX_VALUE, END));
      digest = machine.digest();
      machine.restore(begin);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Machine machine() {
    return machine;
  }

  /** Executes so many instructions, but none behind the program's end. */
  void run(long instructions) {
    machine.run(new RunLimit(Long.MAX_VALUE, Math.min(END, machine.instructions() + instructions)));
  }

  /** Whether it is at its end: it executes nothing more. */
  boolean hasEnded() {
    return machine.instructions() >= END;
  }

  /** Has it come to its end. Returns whether it comes to another state there than when nobody looks. */
  boolean endsOtherwise() {
    machine.run(new RunLimit(Long.MAX_VALUE, END));
    return machine.instructions() == END && !machine.digest().equals(digest);
  }

  /** Gives it up; the next one is made anew. */
  void close() {
    if (machine != null) {
      begin.close();
      machine.close();
    }
    machine = null;
  }
}
