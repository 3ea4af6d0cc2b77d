// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;

/** Code of 32 bits under a 64-bit kernel: what its segments mean for instructions that are no accesses, and for what is pushed. */
class CompatibilityModeTest {
  private static final int FLAT = 0xC0F3;
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);

  @BeforeEach
  void start() {
    machine.user();
  }

  private void code(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    machine.code.write(0, bytes, 0, bytes.length);
  }

  /** Level 0 may not be entered from there in a test's way; privileged instructions are for it alone. */
  private void mode(int level, long base) {
    machine.cpu.cpl = level;
    machine.cpu.segments.set(CpuState.CS, 0x18 | level, base, 0xFFFF_FFFFL, 0xC09B | level << 5);
    machine.cpu.segments.set(CpuState.SS, 0x28 | level, 0, 0xFFFF_FFFFL, 0xC093 | level << 5);
    machine.cpu.segments.set(CpuState.DS, 0x2B, 0, 0xFFFF_FFFFL, FLAT);
    machine.cpu.restored();
  }

  /** Intel SDM volume 2, INVLPG: an address, not an access. */
  @Test
  void invalidationOfAPageAsksNothingOfTheSegment() {
    // FS null; FS with a limit; FS expanding down, and read-only.
    long[][] segments = {{0, 0, 0}, {0, 1, 0x4093}, {0, 0xFFFF, 0x4097}, {0, 0xFFFF_FFFFL, 0xC091}};
    for (long[] segment : segments) {
      start();
      code("640f0138f4");
      mode(0, 0);
      machine.cpu.segments.set(CpuState.FS, segment[2] == 0 ? 0 : 0x38, segment[0], segment[1], (int) segment[2]);
      machine.cpu.r[CpuState.RAX] = 0x2000;
      machine.engine.run(1);
      assertEquals(X64TestMachine.CODE + 5 - 1, machine.cpu.pc, Long.toHexString(segment[2]));
    }
  }

  @Test
  void invalidationOfAnAddressThatIsNotCanonicalDoesNothing() {
    code("640f0138f4");
    machine.cpu.cpl = 0;
    machine.cpu.segments.set(CpuState.CS, 8, 0, 0xFFFF_FFFFL, 0xA09B);
    machine.cpu.base[CpuState.FS] = (1L << 47) - 1;
    machine.cpu.r[CpuState.RAX] = (1L << 47) - 1;
    machine.cpu.restored();
    machine.engine.run(1);
    assertEquals(X64TestMachine.CODE + 4, machine.cpu.pc);
  }

  @Test
  void theInstructionPointerThatIsPushedHas32Bits() {
    code("cc");
    mode(3, 0xF000_0000L);
    machine.cpu.pc = X64TestMachine.CODE + 0x1000_0000L;
    machine.engine.run(100);
    assertEquals(ExceptionVector.BP, machine.vector());
    assertEquals(X64TestMachine.CODE + 0x1000_0001L, machine.frame(0));
  }
}
