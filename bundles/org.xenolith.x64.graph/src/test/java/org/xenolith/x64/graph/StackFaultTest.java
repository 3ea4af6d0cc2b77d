// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;

/** Which exception an address that isn't canonical causes, where an instruction uses the stack and an operand (Intel SDM volume 2, PUSH and POP, 64-bit mode). */
class StackFaultTest {
  private static final long NOWHERE = 0x8000_0000_1000L;
  private static final int STACK = 12;
  private static final int PROTECTION = 13;

  private static int vector(String code, long operand, long stack) {
    X64TestMachine machine = new X64TestMachine(Interpreter::new);
    byte[] bytes = HexFormat.of().parseHex(code);
    machine.code.write(0, bytes, 0, bytes.length);
    machine.user();
    machine.cpu.r[6] = operand;
    machine.cpu.r[4] = stack;
    machine.engine.run(20);
    return machine.vector();
  }

  @Test
  void operandsInMemoryAreNotTheStack() {
    for (String code : new String[] {"ff36", "8f06"}) {
      assertEquals(PROTECTION, vector(code, NOWHERE, X64TestMachine.DATA + 1024), code);
      assertEquals(STACK, vector(code, X64TestMachine.DATA, NOWHERE), code);
    }
  }

  @Test
  void operandsInTheStackAre() {
    assertEquals(STACK, vector("ff3424", 0, NOWHERE));
  }
}
