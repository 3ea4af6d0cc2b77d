// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.Mmu;

/** What kernels do all the time: interrupts come behind the same instructions as with the interpreter, and the time-stamp counter is that of each. */
class SystemCodeTest {
  private static final int PROGRAMS = 4000;
  private static final long GDT = 0x8000;
  private static final int PRESENT = 3;
  /** Has the place of the GDT's page in the TLB. */
  private static final long RIVAL = X64TestMachine.DATA + 0x28_8000;
  /** The directory that has the table of that page, and the table. */
  private static final int DIRECTORY = 0x5000;
  private static final int TABLE = 0xC000;
  /** STI, CLI, PUSHF, RDTSC, RDTSCP, CMPXCHG8B and CMPXCHG16B of [R9], what makes the latter compare equal or not, IN, a jump to the next one, HLT, POPF of what
   * is there, of other flags of arithmetic, of reserved ones and of DF, ADD, SWAPGS. */
  private static final String[] PIECES = {"fb", "fb", "fa", "9c", "0f31", "0f01f9", "410fc709", "490fc709", "31c0", "31d2", "ffc3", "ffc1",
      "90", "ec", "eb00", "f4", "9d", "9c813424d50800009d", "9c8134242a0000009d", "9c81342400040000", "4801c9", "0f01f8"};

  /** What serializes a kernel: IRETQ to the next instruction, with what may be done to the flags in between. */
  private static final String RETURN = "%s505448830424089c%s8cc850488d0508000000%s5048cf";
  /** The SS that there is, or another one. */
  private static final String[] STACKS = {"8cd0", "8cd0", "8cd0", "8cd0", "b810000000", "b818000000"};
  /** An address that stays, and one that isn't canonical. */
  private static final String STAYS = "0f1f440000";
  private static final String ISNT = "480fbae830";
  /** IF set and cleared, arithmetic, RF, AC, NT, IOPL, reserved bits and high ones. */
  private static final String[] RETURNED = {"", "", "", "48810c2400020000", "48812424fffdffff", "48813424d5080000", "48810c2400000100",
      "48810c2400000400", "48810c2400400000", "48810c2400300000", "48810c2428800000", "c7442404efbeadde"};
  /** A segment that wasn't accessed, code at R8 that isn't there, an interrupt that is let through, addresses that aren't canonical, a stack elsewhere. */
  private static final String[] BESIDE = {"41806005fe", "41806005fe", "fb", "fa", "9c", "ffc3", "4801c9", "41806005df", "4c8d9c24f0ffffff",
      "0f31"};

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("interrupts, time and pairs", SystemCodeTest::programs), DynamicTest
        .dynamicTest("returns from interrupts", SystemCodeTest::returns), DynamicTest.dynamicTest("a page of code that is another one",
            SystemCodeTest::remapped), DynamicTest.dynamicTest("the counter where it is for level 0",
                SystemCodeTest::forbidden))
        : Stream.empty();
  }

  private static void programs() {
    TwoEngines engines = new TwoEngines();
    Map<X64TestMachine, OneInterrupt> controllers = new HashMap<>();
    engines.each(machine -> controllers.put(machine, new OneInterrupt(machine.cpu)));
    SplittableRandom random = new SplittableRandom(9);
    int taken = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      byte[] program = program(random);
      int resumed = random.nextInt(4) == 0 ? FlagBits.RF : 0;
      engines.begin(machine -> {
        machine.code.write(0, program, 0, program.length);
        machine.cpu.r[9] = X64TestMachine.DATA + 64;
        machine.cpu.r[CpuState.RSP] = 0xF800;
        machine.cpu.flags |= resumed;
        machine.cpu.tscAux = 7;
        machine.cpu.kernelGsBase = 0x1234_5000;
        machine.cpu.cpl = 0;
        machine.cpu.restored();
      });
      assertEquals("", engines.run(60, i, machine -> controllers.get(machine).ask()), "program " + i + ": " + HexFormat.of()
          .formatHex(program));
      taken += engines.actual().pc == X64TestMachine.handler(OneInterrupt.VECTOR) + 1 ? 1 : 0;
    }
    assertNotEquals(0, taken);
  }

  private static void returns() {
    TwoEngines engines = new TwoEngines();
    Map<X64TestMachine, OneInterrupt> controllers = new HashMap<>();
    engines.each(machine -> controllers.put(machine, new OneInterrupt(machine.cpu)));
    assertEquals(Mmu.index(GDT), Mmu.index(RIVAL));
    SplittableRandom random = new SplittableRandom(20);
    int taken = 0;
    int whole = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      ByteArrayOutputStream program = new ByteArrayOutputStream();
      for (int piece = 0; piece < 12; piece++) {
        boolean returns = random.nextInt(3) > 0;
        program.writeBytes(HexFormat.of().parseHex(returns ? RETURN.formatted(STACKS[random.nextInt(STACKS.length)], RETURNED[random
            .nextInt(random.nextBoolean() ? 6 : RETURNED.length)], random.nextInt(40) == 0 ? ISNT : STAYS) : BESIDE[random.nextInt(random
                .nextInt(8) == 0 ? BESIDE.length : 7)]));
      }
      boolean conflicts = random.nextInt(4) == 0;
      long descriptor = GDT + 8L * (1 + random.nextInt(3));
      int stack = 0x10 + 8 * random.nextInt(2);
      engines.begin(machine -> {
        machine.code.write(0, program.toByteArray(), 0, program.size());
        machine.low.write((int) GDT + 0x18, 8, machine.low.read((int) GDT + 0x10, 8));
        machine.low.write(DIRECTORY + 8 * 129, 8, TABLE | PRESENT);
        machine.low.write(TABLE + 8 * 0x88, 8, X64TestMachine.DATA | PRESENT);
        machine.cpu.r[8] = descriptor;
        level0(machine, conflicts ? RIVAL + 0x800 : 0xF800, stack);
      });
      assertEquals("", engines.run(150, i, machine -> controllers.get(machine).ask()), "program " + i + ": " + HexFormat.of().formatHex(
          program.toByteArray()));
      taken += engines.actual().pc == X64TestMachine.handler(OneInterrupt.VECTOR) + 1 ? 1 : 0;
      whole += engines.actual().pc == X64TestMachine.handler(3) + 1 ? 1 : 0;
    }
    assertNotEquals(0, taken);
    assertNotEquals(0, whole);
  }

  /** The interpreter finds the other page, when it returns there behind a move to CR3: code that was made of the first one isn't its. */
  private static void remapped() {
    // To R9 with RF set, which is the interpreter's, and from there back to R10.
    String there = "8cd0505448830424089c48810c24000001008cc85041514c8d150200000048cf";
    // MOV [R8], R11; MOV RAX, CR3; MOV CR3, RAX
    byte[] program = HexFormat.of().parseHex(there + "4d8918" + "0f20d80f22d8" + there + "cc");
    byte[] first = HexFormat.of().parseHex("83c30141ffe2");
    byte[] second = HexFormat.of().parseHex("83c31041ffe2");
    TwoEngines engines = new TwoEngines();
    engines.begin(machine -> {
      machine.code.write(0, program, 0, program.length);
      machine.low.write(0xD000, first, 0, first.length);
      machine.low.write(0xE000, second, 0, second.length);
      machine.low.write(0x7008, 8, 0xD000 | PRESENT);
      machine.cpu.r[8] = 0x7008;
      machine.cpu.r[9] = X64TestMachine.DATA + 4096;
      machine.cpu.r[11] = 0xE000 | PRESENT;
      level0(machine, 0xF800, 0x10);
    });
    assertEquals("", engines.run(31, 1));
    assertEquals(0x11, engines.actual().r[CpuState.RBX]);
  }

  private static void level0(X64TestMachine machine, long pointer, int stack) {
    machine.cpu.r[CpuState.RSP] = pointer;
    machine.cpu.cpl = 0;
    machine.cpu.segments.set(CpuState.CS, 8, 0, 0xFFFF_FFFFL, 0xA09B);
    machine.cpu.segments.set(CpuState.SS, stack, 0, 0xFFFF_FFFFL, 0xC093);
    machine.cpu.restored();
  }

  private static byte[] program(SplittableRandom random) {
    ByteArrayOutputStream program = new ByteArrayOutputStream();
    for (int piece = 0; piece < 40; piece++) {
      program.writeBytes(HexFormat.of().parseHex(PIECES[random.nextInt(PIECES.length)]));
    }
    return program.toByteArray();
  }

  private static void forbidden() {
    TwoEngines engines = new TwoEngines();
    for (long bits : new long[] {0, ControlBits.TSD}) {
      engines.begin(machine -> {
        machine.code.write(0, 4, 0xCC_310FL);
        machine.cpu.cr4 |= bits;
        machine.cpu.restored();
      });
      assertEquals("", engines.run(2, bits));
      assertEquals(X64TestMachine.handler(bits == 0 ? 3 : 13), engines.actual().pc & -16);
    }
  }
}
