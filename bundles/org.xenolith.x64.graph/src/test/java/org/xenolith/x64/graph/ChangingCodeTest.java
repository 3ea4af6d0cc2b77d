// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.ExceptionVector;

class ChangingCodeTest {
  /** 48 0F B8 C8 is no instruction. With 90 in its second byte it is a NOP and a MOV of which the INT3s behind it have the rest. */
  @Test
  void whatWasRefusedIsLookedAtAgainWhenAByteOfItChanges() {
    X64TestMachine machine = new X64TestMachine(Interpreter::new);
    machine.code.fill(0, 4096, (byte) 0xCC);
    machine.code.write(0, 4, 0xC8B8_0F48L);
    machine.user();
    machine.engine.run(10);
    assertEquals(ExceptionVector.UD, machine.vector());
    machine.code.write(1, 1, 0x90);
    machine.user();
    machine.engine.run(10);
    assertEquals(ExceptionVector.BP, machine.vector());
  }
}
