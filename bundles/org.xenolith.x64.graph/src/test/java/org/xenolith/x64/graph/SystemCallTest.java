// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;

/** What SYSCALL, SYSRET, STAC and CLAC do with flags and levels (Intel SDM volume 2), as QEMU's scenarios have shown it. */
class SystemCallTest {
  private static final long TF = 0x100;
  private static final int DEBUG = 1;
  private static final int UNDEFINED = 6;
  /** A vector that nothing else comes to. */
  private static final int CALLED = 20;

  private static X64TestMachine machine(String code, long flags) {
    X64TestMachine machine = new X64TestMachine(Interpreter::new);
    byte[] bytes = HexFormat.of().parseHex(code);
    machine.code.write(0, bytes, 0, bytes.length);
    machine.user();
    machine.cpu.lstar = 0xB000 + 16 * CALLED;
    machine.cpu.star = 0x0023_0008_0000_0000L;
    machine.cpu.rflags(flags | 2);
    machine.cpu.restored();
    return machine;
  }

  private static int vector(X64TestMachine machine) {
    machine.engine.run(20);
    return machine.vector();
  }

  @Test
  void callIsSteppedOnlyIfTheStepIsNotMasked() {
    X64TestMachine masked = machine("0f05", TF);
    masked.cpu.fmask = TF;
    assertEquals(CALLED, vector(masked));
    X64TestMachine stepped = machine("0f05", TF);
    stepped.cpu.r[CpuState.RSP] = 0xBF00;
    assertEquals(DEBUG, vector(stepped));
  }

  @Test
  void returnToWhatIsSteppedTrapsAtOnce() {
    X64TestMachine machine = machine("480f07", 0);
    machine.cpu.cpl = 0;
    machine.cpu.segments.set(CpuState.CS, 8, 0, 0xFFFF_FFFFL, 0xA09B);
    machine.cpu.segments.set(CpuState.SS, 0x10, 0, 0xFFFF_FFFFL, 0xC093);
    machine.cpu.r[CpuState.RCX] = X64TestMachine.CODE + 8;
    machine.cpu.r[11] = TF | 2;
    machine.cpu.restored();
    assertEquals(DEBUG, vector(machine));
    assertEquals(X64TestMachine.CODE + 8, machine.frame(0));
  }

  @Test
  void accessCheckIsUndefinedOutsideOfLevelZero() {
    assertEquals(UNDEFINED, vector(machine("0f01cb", 0)));
    assertEquals(UNDEFINED, vector(machine("0f01ca", 0)));
  }
}
