// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.RandomInstructions;

/** Code that changes itself, that lies anywhere in a page, and that makes no sense comes to what the interpreter makes of it. */
class ChangedCodeTest {
  private static final int BYTES = 48;

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("code that changes itself", ChangedCodeTest::changing),
        DynamicTest.dynamicTest("page tables that are code", ChangedCodeTest::tables), DynamicTest.dynamicTest("any bytes",
            ChangedCodeTest::anything), DynamicTest.dynamicTest("any instructions",
                ChangedCodeTest::instructions))
        : Stream.empty();
  }

  /** An addition whose constant grows each time, beside one that stays. */
  private static void changing() {
    TwoEngines engines = new TwoEngines();
    // xor eax,eax; mov ecx,100; L: add eax,1; inc dword [rip-9]; dec ecx; jnz L; int3
    byte[] program = HexFormat.of().parseHex("31c0" + "b964000000" + "0501000000" + "ff05f6ffffff" + "ffc9" + "75f1" + "cc");
    for (int at : new int[] {0, 4096 - 20}) {
      // In the second place the loop's branch comes back from where nothing is translated yet.
      int from = at == 0 ? 0 : 4096 - program.length;
      engines.begin(machine -> {
        machine.code.write(from, program, 0, program.length);
        machine.cpu.pc += from;
      });
      assertEquals("", engines.run(1000, at));
      assertEquals(100 * 101 / 2, engines.actual().r[CpuState.RAX]);
    }
  }

  /** Entries of the last level, executed: each is ADD of a register with memory, and three of memory with AL. Their accessed bits change in the middle. */
  private static void tables() {
    TwoEngines engines = new TwoEngines();
    for (int slice = 0; slice < 20; slice++) {
      engines.begin(machine -> {
        // jmp rcx
        machine.code.write(0, 2, 0xE1FF);
        machine.cpu.r[CpuState.RCX] = 0x4000;
        machine.cpu.r[CpuState.RAX] = 0xC000;
        machine.cpu.cpl = 0;
        machine.cpu.restored();
      });
      assertEquals("", engines.run(60, slice));
    }
  }

  private static void anything() {
    compare(1, (random, bytes) -> random.nextBytes(bytes));
  }

  private static void instructions() {
    Decoder decoder = new Decoder(CpuModel.BASELINE.features());
    RandomInstructions encodings = new RandomInstructions(2, decoder, DecodeMode.LONG_64, RandomInstructions.ANYTHING);
    Insn[] forms = Insn.values();
    compare(2, (random, bytes) -> {
      for (int at = 0; at < bytes.length;) {
        byte[] one = encodings.next(forms[random.nextInt(forms.length)], random.nextBoolean());
        if (one != null) {
          int length = Math.min(one.length, bytes.length - at);
          System.arraycopy(one, 0, bytes, at, length);
          at += length;
        }
      }
    });
  }

  /** What a program is. */
  private interface Program {
    void make(SplittableRandom random, byte[] bytes);
  }

  private static void compare(long seed, Program program) {
    TwoEngines engines = new TwoEngines();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 4000; i++) {
      byte[] bytes = new byte[BYTES];
      program.make(random, bytes);
      int at = random.nextInt(4) == 0 ? 4096 - random.nextInt(1, BYTES) : 0;
      boolean supervisor = random.nextInt(4) == 0;
      SplittableRandom values = random.split();
      long[] registers = values.longs(16).map(value -> switch ((int) value & 7) {
        case 0, 1, 2 -> X64TestMachine.DATA + (value >>> 8) % 4200;
        case 3 -> X64TestMachine.CODE + (value >>> 8) % 4096;
        case 4 -> value >>> 57;
        default -> value >> (int) (value >>> 3 & 63);
      }).toArray();
      engines.begin(machine -> {
        machine.code.write(at, bytes, 0, Math.min(BYTES, 4096 - at));
        machine.cpu.pc += at;
        System.arraycopy(registers, 0, machine.cpu.r, 0, 16);
        if (supervisor) {
          machine.cpu.cpl = 0;
          machine.cpu.restored();
        }
      });
      assertEquals("", engines.run(300, i), "program " + i + ": " + HexFormat.of().formatHex(bytes) + " at " + at);
    }
  }
}
