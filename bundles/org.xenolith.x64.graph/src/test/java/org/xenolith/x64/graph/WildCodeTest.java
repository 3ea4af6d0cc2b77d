// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.RandomInstructions;

/** Whatever code a guest has, nothing but architected exceptions comes of it. */
class WildCodeTest {
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);

  /** Each form in each mode, with all prefixes and operands, from registers and memory that make no sense. */
  @Test
  void everyFormIsExecutedInEveryMode() {
    Decoder decoder = new Decoder(CpuModel.BASELINE.features());
    for (DecodeMode mode : DecodeMode.values()) {
      RandomInstructions random = new RandomInstructions(mode.ordinal(), decoder, mode, RandomInstructions.ANYTHING);
      SplittableRandom values = new SplittableRandom(mode.ordinal());
      for (Insn insn : Insn.values()) {
        for (int i = 0; i < 4; i++) {
          byte[] bytes = random.next(insn, i < 2);
          if (bytes != null) {
            run(mode, bytes, values, insn + " in " + mode + ": " + HexFormat.of().formatHex(bytes));
          }
        }
      }
    }
  }

  /** Bytes at random, in the beginning and in the last bytes of a page. */
  @Test
  void randomBytesAreExecuted() {
    SplittableRandom values = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[24];
      values.nextBytes(bytes);
      DecodeMode mode = DecodeMode.values()[i & 3];
      run(mode, bytes, values, mode + ": " + HexFormat.of().formatHex(bytes));
    }
  }

  private void run(DecodeMode mode, byte[] bytes, SplittableRandom values, String what) {
    enter(mode, values.nextInt(8) == 0);
    machine.code.fill(0, 4096, (byte) 0xCC);
    int at = values.nextInt(4) == 0 ? 4096 - values.nextInt(1, bytes.length + 1) : 0;
    machine.code.write(at, bytes, 0, Math.min(bytes.length, 4096 - at));
    machine.cpu.pc += at;
    for (int i = 0; i < 16; i++) {
      machine.cpu.r[i] = switch (values.nextInt(4)) {
        case 0 -> X64TestMachine.DATA + values.nextInt(5000) - 500;
        case 1 -> values.nextLong() >> values.nextInt(64);
        case 2 -> values.nextInt(64);
        default -> values.nextLong();
      };
    }
    long[] executed = {0};
    assertDoesNotThrow(() -> executed[0] = machine.engine.run(100), what);
    assertTrue(executed[0] <= 100, what);
  }

  private void enter(DecodeMode mode, boolean supervisor) {
    machine.user();
    switch (mode) {
      case LONG_64 -> {
        if (supervisor) {
          machine.cpu.cpl = 0;
          machine.cpu.restored();
        }
      }
      case PROTECTED_32, PROTECTED_16 -> {
        machine.cpu.reset();
        machine.cpu.start(new PvhEntry(X64TestMachine.CODE, 0));
        if (mode == DecodeMode.PROTECTED_16) {
          machine.cpu.segments.set(CpuState.CS, 8, X64TestMachine.CODE, 0xFFFF, 0x9B);
          machine.cpu.pc = 0;
        }
      }
      default -> {
        machine.cpu.reset();
        machine.cpu.start(new PvhEntry(0, 0));
        machine.cpu.cr0 = 0x10;
        machine.cpu.segments.set(CpuState.CS, 0, X64TestMachine.CODE, 0xFFFF, 0x9B);
        machine.cpu.pc = 0;
        machine.cpu.restored();
      }
    }
  }
}
