// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.regs.StateRecord;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.PerformanceMonitor;

/** What a device that is a CPU's performance monitor is to the CPU's software, and that it ends with the device. */
class PerformanceMonitorTest {
  private static final int MISC_ENABLE = 0x1A0;
  private static final int AVAILABLE = 1 << 7;
  private static final int CAPABILITIES = 1 << 15;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;
  private CpuView view;

  /** Has one counter, number 2. */
  private record Device(String instance) implements PerformanceMonitor, ViewContext {
    @Override
    public int cpuidEax() {
      return 0x730_0402;
    }

    @Override
    public int cpuidEbx() {
      return 0x78;
    }

    @Override
    public int cpuidEdx() {
      return 0x603;
    }

    @Override
    public boolean capabilities() {
      return true;
    }

    @Override
    public long counter(int select) {
      if (select != 2) {
        throw MsrFault.INSTANCE;
      }
      return 0x1234_5678_9ABCL;
    }

    @Override
    public void contextChanged() {}

    @Override
    public void branched(int level) {}

    @Override
    public void retiredReached() {}

    @Override
    public int order() {
      return 0;
    }

    @Override
    public void failed(Throwable bug) {
      throw new AssertionError(bug);
    }

    @Override
    public void entered(int index) {}
  }

  @BeforeEach
  void start() {
    machine.longMode();
    view = claimed("/pmu");
    view.commit();
  }

  private CpuView claimed(String instance) {
    Device device = new Device(instance);
    CpuView made = cpu.view(device);
    made.as(Cpu.class).monitor(device);
    return made;
  }

  private void assertTold(int eax, int ebx, int edx) {
    cpu.cpuid.own(0xA, 0);
    assertEquals(eax, cpu.cpuid.eax);
    assertEquals(ebx, cpu.cpuid.ebx);
    assertEquals(edx, cpu.cpuid.edx);
    cpu.cpuid.own(1, 0);
    assertEquals(eax == 0 ? 0 : CAPABILITIES, cpu.cpuid.ecx & CAPABILITIES);
  }

  private void assertRefused(int select) {
    assertThrows(CpuFault.class, () -> cpu.counting.read(select));
    assertEquals(ExceptionVector.GP, cpu.faultVector);
    assertEquals(0, cpu.faultError);
  }

  @Test
  void softwareFindsIt() {
    assertTold(0x730_0402, 0x78, 0x603);
    assertEquals(AVAILABLE, cpu.msrs.read(MISC_ENABLE) & AVAILABLE);
    assertEquals(0x1234_5678_9ABCL, cpu.counting.read(2));
    assertRefused(1);
  }

  @Test
  void otherLevelsReadCountersIfTheyMay() {
    cpu.cpl = 3;
    assertRefused(2);
    cpu.cr4 |= ControlBits.PCE;
    assertEquals(0x1234_5678_9ABCL, cpu.counting.read(2));
  }

  @Test
  void aGuestOfAHostsSoftwareFindsNone() {
    cpu.host.attach(new QuietHost());
    assertTold(0, 0, 0);
    assertRefused(2);
    cpu.host.detach();
    assertTold(0x730_0402, 0x78, 0x603);
  }

  @Test
  void withoutTheDeviceThereIsNone() {
    view.close();
    assertTold(0, 0, 0);
    assertEquals(0, cpu.msrs.read(MISC_ENABLE) & AVAILABLE);
    BareCpu other = new BareCpu();
    other.longMode();
    assertThrows(CpuFault.class, () -> other.cpu.counting.read(2));
  }

  @Test
  void whoCountsWhenTheDeviceGoesReadsAllOnes() {
    view.close();
    assertEquals(-1, cpu.counting.read(2));
    assertEquals(-1, cpu.counting.read(1));
    cpu.cpl = 3;
    assertRefused(2);
    cpu.cr4 |= ControlBits.PCE;
    assertEquals(-1, cpu.counting.read(2));
    cpu.host.attach(new QuietHost());
    assertRefused(2);
  }

  @Test
  void thatItWasThereIsInTheRecordUntilTheNextReset() {
    StateRecord with = cpu.state().save();
    view.close();
    assertEquals(with.get("monitored"), cpu.state().save().get("monitored"));
    BareCpu other = new BareCpu();
    other.longMode();
    other.cpu.state().restore(with);
    other.cpu.restored();
    assertEquals(-1, other.cpu.counting.read(2));
    cpu.state().reset();
    assertRefused(2);
    claimed("/other").commit();
    cpu.state().reset();
    assertEquals(0x1234_5678_9ABCL, cpu.counting.read(2));
  }

  @Test
  void onlyOneDeviceIsIt() {
    CpuView other = claimed("/other");
    assertThrows(ModelException.class, other::commit);
    view.close();
    other.commit();
    assertTold(0x730_0402, 0x78, 0x603);
  }
}
