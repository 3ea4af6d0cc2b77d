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
import org.xenolith.x64.arch.X64Control;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64State;

/** What kernels do all the time: interrupts come behind the same instructions as with the interpreter, and the time-stamp counter is that of each. */
class X64SystemCodeTest {
  private static final int PROGRAMS = 4000;
  /** STI, CLI, PUSHF, RDTSC, RDTSCP, CMPXCHG8B and CMPXCHG16B of [R9], what makes the latter compare equal or not, IN, a jump to the next one, HLT, POPF of what
   * is there, of other flags of arithmetic, of reserved ones and of DF, ADD, SWAPGS. */
  private static final String[] PIECES = {"fb", "fb", "fa", "9c", "0f31", "0f01f9", "410fc709", "490fc709", "31c0", "31d2", "ffc3", "ffc1",
      "90", "ec", "eb00", "f4", "9d", "9c813424d50800009d", "9c8134242a0000009d", "9c81342400040000", "4801c9", "0f01f8"};

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("interrupts, time and pairs", X64SystemCodeTest::programs), DynamicTest
        .dynamicTest("the counter where it is for level 0", X64SystemCodeTest::forbidden))
        : Stream.empty();
  }

  private static void programs() {
    X64TwoEngines engines = new X64TwoEngines();
    Map<X64TestMachine, X64OneInterrupt> controllers = new HashMap<>();
    engines.each(machine -> controllers.put(machine, new X64OneInterrupt(machine.cpu)));
    SplittableRandom random = new SplittableRandom(9);
    int taken = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      byte[] program = program(random);
      int resumed = random.nextInt(4) == 0 ? X64Flags.RF : 0;
      engines.begin(machine -> {
        machine.code.write(0, program, 0, program.length);
        machine.cpu.r[9] = X64TestMachine.DATA + 64;
        machine.cpu.r[X64State.RSP] = 0xF800;
        machine.cpu.flags |= resumed;
        machine.cpu.tscAux = 7;
        machine.cpu.kernelGsBase = 0x1234_5000;
        machine.cpu.cpl = 0;
        machine.cpu.restored();
      });
      assertEquals("", engines.run(60, i, machine -> controllers.get(machine).ask()), "program " + i + ": " + HexFormat.of()
          .formatHex(program));
      taken += engines.actual().pc == X64TestMachine.handler(X64OneInterrupt.VECTOR) + 1 ? 1 : 0;
    }
    assertNotEquals(0, taken);
  }

  private static byte[] program(SplittableRandom random) {
    ByteArrayOutputStream program = new ByteArrayOutputStream();
    for (int piece = 0; piece < 40; piece++) {
      program.writeBytes(HexFormat.of().parseHex(PIECES[random.nextInt(PIECES.length)]));
    }
    return program.toByteArray();
  }

  private static void forbidden() {
    X64TwoEngines engines = new X64TwoEngines();
    for (long bits : new long[] {0, X64Control.TSD}) {
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
