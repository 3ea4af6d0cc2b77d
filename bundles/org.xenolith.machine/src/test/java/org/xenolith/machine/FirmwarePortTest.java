// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.api.SmcccHandler;
import org.xenolith.machine.kit.Exits;
import org.xenolith.platform.api.Platform.Timing;

final class FirmwarePortTest {
  private final FirmwarePort port = new FirmwarePort(new Initiator(), new Exits());
  private final List<Throwable> failures = new ArrayList<>();
  private final Cpu cpu = ToyMachine.cpu(new ToyMachine(1, Timing.STANDARD, c -> {}).build(), 0);

  private SmcccHandler handler(int function, long result) {
    return new SmcccHandler() {
      @Override
      public boolean answers(int asked) {
        return asked == function;
      }

      @Override
      public void call(SmcccCall call) {
        call.result(0, result);
        call.result(1, call.argument(17) + (call.hvc() ? 1 : 0));
      }
    };
  }

  private long call(int function) {
    cpu.x[0] = function;
    cpu.x[17] = 40;
    assertTrue(port.call(cpu, true));
    return cpu.x[0];
  }

  @Test
  void withoutFirmwareNobodyAnswers() {
    assertFalse(port.call(cpu, false));
  }

  @Test
  void theFirstHandlerInNodeOrderAnswersAndTheRestIsNotSupported() {
    SmcccHandler late = handler(0x8400_0000, 7);
    port.add(9, "/psci", late, failures::add);
    port.add(2, "/psci", handler(0x8400_0000, 5), failures::add);
    assertEquals(5, call(0x8400_0000));
    assertEquals(41, cpu.x[1]);
    assertEquals(2, cpu.results, "x0 and x1 have results");
    assertEquals(-1, call(0x8400_0001));
    assertEquals(1, cpu.results, "x0 has the error");
    port.remove(late);
    assertEquals(5, call(0x8400_0000));
  }

  @Test
  void aHandlerThatThrowsIsReportedAndTheCallNotSupported() {
    port.add(1, "/psci", new SmcccHandler() {
      @Override
      public boolean answers(int function) {
        throw new IllegalStateException("bug");
      }

      @Override
      public void call(SmcccCall call) {}
    }, failures::add);
    assertEquals(-1, call(1));
    assertEquals("bug", failures.getFirst().getMessage());
  }
}
