// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;

/** However often a guest writes its code anew, its engine has memory for so many pages. */
class PagesBoundTest {
  private static final int TIMES = Translations.MOST_PAGES + 3000;

  @TestFactory
  Stream<DynamicTest> machineCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("code that is written over and over", PagesBoundTest::writing))
        : Stream.empty();
  }

  private static void writing() {
    X64TestMachine machine = new X64TestMachine(cpu -> new MachineCodeEngine(cpu, null));
    // L: mov byte [rdi], 0x90; nop, which is what is written; inc eax; dec ecx; jnz L; int3
    byte[] program = HexFormat.of().parseHex("c60790" + "90" + "ffc0" + "ffc9" + "75f6" + "cc");
    machine.code.write(0, program, 0, program.length);
    machine.user();
    machine.cpu.r[CpuState.RCX] = TIMES;
    machine.cpu.r[CpuState.RDI] = X64TestMachine.CODE + 3;
    machine.engine.run(6L * TIMES);
    assertEquals(ExceptionVector.BP, machine.vector());
    assertEquals(TIMES, machine.cpu.r[CpuState.RAX]);
    int held = ((MachineCodeEngine) machine.engine).translations.held();
    assertTrue(held <= Translations.MOST_PAGES + 1, () -> "pages " + held);
  }
}
