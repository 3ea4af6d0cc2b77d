// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuView;

/** What a device may do with a CPU, and that it ends with the device. */
class CpuDeviceViewTest {
  /** CNTPCT_EL0, which no register of the CPU itself is. */
  private static final int COUNTER = SystemRegister.id(3, 3, 14, 0, 1);
  private final Cpu cpu = new FlatMachine().cpu();

  private static SystemRegisterHandler counter(LongSupplier value) {
    return new SystemRegisterHandler() {
      @Override
      public long read(ArmCpu cpu, int id) {
        return value.getAsLong();
      }

      @Override
      public void write(ArmCpu cpu, int id, long to) {}

      @Override
      public long frequency(int id) {
        return value.getAsLong();
      }
    };
  }

  private CpuView claimed(DeviceOnCpu device, LongSupplier value) {
    CpuView view = cpu.view(device);
    view.as(ArmCpu.class).claim(counter(value), COUNTER);
    return view;
  }

  @Test
  void aDeviceHasItsOwnViewAndAHypervisorTheCpu() {
    CpuView view = cpu.view(new DeviceOnCpu("/a", 0));
    assertSame(view, view.as(ArmCpu.class));
    assertSame(cpu, view.as(Cpu.class));
    assertNotSame(view, cpu.view(new DeviceOnCpu("/b", 1)));
  }

  @Test
  void claimsBeginWithTheCommitAndEndWithTheDevice() {
    DeviceOnCpu timer = new DeviceOnCpu("/timer", 0);
    CpuView view = claimed(timer, () -> 77);
    assertEquals(0, cpu.systemRegister(COUNTER), "not committed");
    view.commit();
    assertEquals(77, cpu.systemRegister(COUNTER));
    assertEquals(List.of(0), timer.entries());
    view.close();
    assertEquals(0, cpu.systemRegister(COUNTER));
  }

  @Test
  void twoDevicesForOneRegisterAreRefusedByName() {
    claimed(new DeviceOnCpu("/timer", 0), () -> 1).commit();
    CpuView second = claimed(new DeviceOnCpu("/other", 1), () -> 2);
    String said = assertThrows(ModelException.class, second::commit).getMessage();
    assertEquals("/other", said.substring(0, said.indexOf(':')));
  }

  @Test
  void aHandlerThatThrowsIsToldOfAndReadsAllOnes() {
    DeviceOnCpu timer = new DeviceOnCpu("/timer", 0);
    claimed(timer, () -> {
      throw new IllegalStateException("a bug");
    }).commit();
    assertEquals(-1, cpu.systemRegister(COUNTER));
    assertEquals("a bug", timer.failures().getFirst().getMessage());
    assertEquals(0, cpu.slot(COUNTER).handler.frequency(COUNTER), "counts nothing");
    assertEquals(2, timer.failures().size());
  }

  @Test
  void entriesOfOtherArchitecturesAreRefused() {
    record Other() implements org.xenolith.machine.api.CpuEntry {}
    assertEquals(
        "cpu 0 executes a64 and can't begin with what was loaded: it is for CPUs of another architecture; name a kernel or guest that"
            + " was made for this board, or another board",
        assertThrows(ModelException.class, () -> cpu.start(new Other())).getMessage());
  }
}
