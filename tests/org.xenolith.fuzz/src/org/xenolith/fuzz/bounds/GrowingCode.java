// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.graph.BoundedInterpreter;

/**
 * 32-bit code that fills sixteen pages with an instruction of one byte, and has jumps, calls and writes over itself at any place. An input
 * says which instruction and which places; it goes on in slices, between which another writes over the code, too.
 */
final class GrowingCode {
  private static final long ENDLESS = Long.MAX_VALUE;
  /** As much as two pages and a half take that are full. */
  private static final long BOUND = 1 << 20;
  private static final long FULL_PAGE = (16 << 10) + 4096 * 96;
  /** INC and DEC of registers, NOP, flags, and what fails. */
  private static final int[] FILLING = {0x40, 0x41, 0x48, 0x90, 0xF8, 0xF9, 0xFC, 0x4F, 0x98, 0x99, 0x27, 0x37, 0x9E, 0x9F, 0xD6, 0xF1};
  private static final int SLICES = 48;

  private GrowingCode() {}

  private static X64TestMachine machine(long most) {
    X64TestMachine machine = new X64TestMachine(cpu -> BoundedInterpreter.of(cpu, most));
    machine.cpu.reset();
    machine.cpu.start(new PvhEntry(machine.low.base, 0));
    machine.cpu.r[CpuState.RSP] = machine.low.base + machine.low.size / 2;
    return machine;
  }

  static List<String> execute(InputBytes input) {
    X64TestMachine bounded = machine(BOUND);
    X64TestMachine unbounded = machine(ENDLESS);
    List<String> wrong = new ArrayList<>();
    try {
      int filling = FILLING[input.next() & 15];
      int patches = input.next() & 31;
      for (X64TestMachine each : List.of(bounded, unbounded)) {
        each.low.fill(0, each.low.size, (byte) filling);
        jump(each.low, each.low.size - 5, 0);
      }
      for (int i = 0; i < patches; i++) {
        patch(input, bounded.low, unbounded.low);
      }
      for (int i = 0; i < SLICES && wrong.isEmpty(); i++) {
        int slice = 1 + (int) input.next(2) % 8192;
        long executed = unbounded.engine.run(slice);
        if (bounded.engine.run(slice) != executed) {
          wrong.add("slice " + i + " of " + slice + " is another one with a bound");
        }
        long held = BoundedInterpreter.held(bounded.engine);
        if (held > BOUND + FULL_PAGE) {
          wrong.add("decoded pages take " + held + " bytes, " + BOUND + " are the bound");
        }
        if (!unbounded.cpu.state().save().equals(bounded.cpu.state().save())) {
          wrong.add("behind slice " + i + " the CPU is otherwise with a bound");
        }
        if (executed == 0) {
          break;
        }
        if ((slice & 3) == 0) {
          patch(input, bounded.low, unbounded.low);
        }
      }
      for (int at = 0; at < bounded.low.size && wrong.isEmpty(); at += 8) {
        if (bounded.low.read(at, 8) != unbounded.low.read(at, 8)) {
          wrong.add("memory at 0x" + Integer.toHexString(at) + " is otherwise with a bound");
        }
      }
    } finally {
      bounded.engine.close();
      unbounded.engine.close();
    }
    return wrong;
  }

  private static void jump(Ram low, int at, int to) {
    low.write(at, 1, 0xE9);
    low.write(at + 1, 4, to - at - 5);
  }

  /** The same change of both memories. */
  private static void patch(InputBytes input, Ram one, Ram other) {
    int kind = input.next();
    int at = (int) input.next(2) % (one.size - 32);
    int to = (int) input.next(2) % (one.size - 32);
    for (Ram low : new Ram[] {one, other}) {
      switch (kind & 3) {
        case 0 -> jump(low, at, to);
        case 1 -> low.fill(at & ~0xFFF, 4096, (byte) FILLING[kind >> 4]);
        case 2 -> {
          // MOV BYTE PTR [to], filling: code that writes over code.
          low.write(at, 2, 0x05C6);
          low.write(at + 2, 4, low.base + to);
          low.write(at + 6, 1, FILLING[kind >> 4]);
        }
        default -> {
          // A loop: DEC ECX, JNZ.
          low.write(at, 1, 0x49);
          low.write(at + 1, 2, 0x0F | 0x85 << 8);
          low.write(at + 3, 4, to - at - 7);
        }
      }
    }
  }
}
