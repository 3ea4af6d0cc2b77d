// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SemihostingHandler;
import org.xenolith.machine.kit.CpuView;

final class SemihostingCallsTest {
  private static final long CODE = FlatMachine.RAM + 0x40;

  private final FlatMachine machine = new FlatMachine();
  private final Cpu cpu = machine.cpu();
  private final List<long[]> blocks = new ArrayList<>();

  private CpuView device(DeviceOnCpu device, SemihostingHandler handler) {
    CpuView view = cpu.view(device);
    view.as(ArmCpu.class).semihosting(handler);
    return view;
  }

  private CpuView answering() {
    CpuView view = device(new DeviceOnCpu("/semihosting", 1), call -> {
      blocks.add(call.fields(2));
      return call.operation() + call.parameter();
    });
    view.commit();
    return view;
  }

  private void call(int operation, long parameter) {
    cpu.pc = CODE;
    cpu.x[0] = operation;
    cpu.x[1] = parameter;
    cpu.exceptions.semihostingCall();
  }

  private void assertUndefined() {
    assertEquals(0x0200_0000L, cpu.sys[SysReg.ESR_EL1.ordinal()]);
    assertEquals(CODE, cpu.sys[SysReg.ELR_EL1.ordinal()]);
  }

  @Test
  void onlyWhileADeviceAnswersItIsACall() {
    call(5, 7);
    assertUndefined();
    CpuView view = device(new DeviceOnCpu("/semihosting", 1), call -> 12);
    call(5, 7);
    assertUndefined();
    view.commit();
    call(5, 7);
    assertEquals(CODE + 4, cpu.pc);
    assertEquals(12, cpu.x[0]);
    view.close();
    cpu.sys[SysReg.ELR_EL1.ordinal()] = 0;
    call(5, 7);
    assertUndefined();
  }

  @Test
  void theBlockIsReadAtItsVirtualAddress() {
    answering();
    machine.put(FlatMachine.RAM + 0x3000, 1);
    machine.put(FlatMachine.RAM + 0x3008, 2);
    call(0x18, FlatMachine.RAM + 0x3000);
    assertArrayEquals(new long[] {1, 2}, blocks.removeFirst());
    assertEquals(0x18 + FlatMachine.RAM + 0x3000, cpu.x[0]);
    machine.enableMmu(cpu);
    machine.map(0x7000, FlatMachine.RAM + 0x3000, FlatMachine.VALID_PAGE);
    call(0x18, 0x7000);
    assertArrayEquals(new long[] {1, 2}, blocks.removeFirst());
  }

  @Test
  void aBlockThatCannotBeReadIsNone() {
    answering();
    machine.enableMmu(cpu);
    machine.map(0x7000, FlatMachine.RAM + 0x3000, FlatMachine.VALID_PAGE);
    machine.map(0x9000, FlatMachine.DEVICE, FlatMachine.VALID_PAGE);
    for (long address : new long[] {0x8000, 0x7FF8, 0x9000, -8}) {
      call(0x18, address);
      assertNull(blocks.removeFirst(), Long.toHexString(address));
      assertEquals(CODE + 4, cpu.pc, "no exception is taken");
    }
    assertEquals(List.of(), machine.accesses, "no device is read");
  }

  @Test
  void aHandlerThatThrowsIsReportedAndTheCallFails() {
    DeviceOnCpu broken = new DeviceOnCpu("/semihosting", 1);
    device(broken, call -> {
      throw new IllegalStateException("bug");
    }).commit();
    call(5, 7);
    assertEquals(-1, cpu.x[0]);
    assertEquals("bug", broken.failures().getFirst().getMessage());
  }
}
