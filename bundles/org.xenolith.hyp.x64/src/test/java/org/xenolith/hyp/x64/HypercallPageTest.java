// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestHost;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.graph.Interpreter;

/** A CPU calls each entry of the page: it leaves its guest with the number in EAX, and comes back behind the call. */
class HypercallPageTest {
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);

  private void call(int number) {
    machine.user();
    machine.code.write(0, HypercallPage.page(), 0, 4096);
    machine.cpu.r[CpuState.RAX] = -1;
    machine.cpu.r[CpuState.RSP] = X64TestMachine.DATA + 0x800;
    machine.data.write(0x800, 8, X64TestMachine.CODE + 0xFF0);
    machine.cpu.pc = X64TestMachine.CODE + number * 32L;
  }

  @Test
  void eachEntryCallsItsNumberAndReturns() {
    X64TestHost host = new X64TestHost(machine, () -> {
    });
    for (int number = 0; number < 64; number++) {
      if (number == 23) {
        continue;
      }
      call(number);
      String noted = "";
      for (int i = 0; i < 60 && machine.cpu.pc != X64TestMachine.CODE + 0xFF0; i++) {
        machine.engine.run(1);
        noted += host.notes().replaceAll("(?m)^(nested|start).*\n", "");
      }
      assertEquals("hypercall %x %x 3\n".formatted(X64TestMachine.CODE + number * 32L + 5, number), noted);
      assertEquals(X64TestMachine.CODE + 0xFF0, machine.cpu.pc, "it returns");
    }
  }

  @Test
  void iretIsUndefined() {
    call(23);
    machine.engine.run(1);
    assertEquals(ExceptionVector.UD, machine.vector());
  }
}
