// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.machine.kit.CpuView;

final class FirmwareCallsTest {
  private final Cpu cpu = new FlatMachine().cpu();

  private static SmcccHandler handler(int function, long result) {
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

  /** Has a device answer. */
  private CpuView device(DeviceOnCpu device, SmcccHandler handler) {
    CpuView view = cpu.view(device);
    view.as(ArmCpu.class).firmware(handler);
    return view;
  }

  private long call(int function) {
    cpu.x[0] = function;
    cpu.x[17] = 40;
    assertTrue(cpu.smccc.answer(true));
    return cpu.x[0];
  }

  @Test
  void withoutFirmwareNobodyAnswers() {
    assertFalse(cpu.smccc.answer(false));
  }

  @Test
  void theFirstHandlerInNodeOrderAnswersAndTheRestIsNotSupported() {
    CpuView late = device(new DeviceOnCpu("/late", 9), handler(0x8400_0000, 7));
    late.commit();
    DeviceOnCpu psci = new DeviceOnCpu("/psci", 2);
    CpuView first = device(psci, handler(0x8400_0000, 5));
    assertEquals(7, call(0x8400_0000), "what isn't committed doesn't answer");
    first.commit();
    assertEquals(5, call(0x8400_0000));
    assertEquals(List.of(0), psci.entries(), "in the name of the CPU that calls");
    assertEquals(41, cpu.x[1]);
    assertEquals(2, cpu.results, "x0 and x1 have results");
    assertEquals(-1, call(0x8400_0001));
    assertEquals(1, cpu.results, "x0 has the error");
    first.close();
    assertEquals(7, call(0x8400_0000));
    late.close();
    assertFalse(cpu.smccc.answer(true), "nobody is left");
  }

  @Test
  void aHandlerThatThrowsIsReportedAndTheCallNotSupported() {
    DeviceOnCpu psci = new DeviceOnCpu("/psci", 1);
    device(psci, new SmcccHandler() {
      @Override
      public boolean answers(int function) {
        throw new IllegalStateException("bug");
      }

      @Override
      public void call(SmcccCall call) {}
    }).commit();
    assertEquals(-1, call(1));
    assertEquals("bug", psci.failures().getFirst().getMessage());
  }
}
