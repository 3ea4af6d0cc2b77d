// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;

/** Operands relative to RIP, as far as displacements of 32 bits reach. */
class FarOperandTest {
  private static final int MOST = 0x7FFF_FFFF;

  @TestFactory
  Stream<DynamicTest> displacementReachesTwoGibibytesFromTheNextInstruction() {
    return HostMemory.OUTSIDE ? Stream.of(MOST, Integer.MIN_VALUE).map(distance -> DynamicTest.dynamicTest(Integer.toHexString(distance),
        () -> reaches(distance))) : Stream.empty();
  }

  /** LEA RAX, [RIP + distance], in the end of the page. */
  private static void reaches(int distance) {
    X64TestMachine machine = new X64TestMachine(cpu -> new MachineCodeEngine(cpu, null));
    machine.code.fill(0, 4096, (byte) 0xCC);
    machine.code.write(0x800, 4, 0x058D48L);
    machine.code.write(0x803, 4, distance);
    machine.user();
    machine.cpu.pc = X64TestMachine.CODE + 0x800;
    machine.engine.run(100);
    assertEquals(X64TestMachine.CODE + 0x807 + distance, machine.cpu.r[CpuState.RAX]);
  }
}
