// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.LocalInterrupts;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.MsrHandler;

/** What a device that is a CPU's local APIC claims of the CPU ends with the device. */
class DeviceClaimsTest {
  private static final int APIC_BASE = 0x1B;
  private static final int DEADLINE = 0x6E0;
  private static final int TASK_PRIORITY = 0x808;
  private static final long ENABLED = 1 << 11;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;
  private final Device first = new Device(0x11);
  private CpuView view;

  /** Answers every register that it has with one value, and takes writes. */
  private record Device(long value) implements LocalInterrupts, MsrHandler, ViewContext {
    @Override
    public long read(Cpu port, int msr) {
      return value;
    }

    @Override
    public void write(Cpu port, int msr, long written) {}

    @Override
    public int acknowledge() {
      return 0x51;
    }

    @Override
    public int taskPriority() {
      return (int) value & 0xF;
    }

    @Override
    public void taskPriority(int priority) {}

    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public boolean x2apic() {
      return true;
    }

    @Override
    public boolean deadline() {
      return true;
    }

    @Override
    public String instance() {
      return "/lapic-" + value;
    }

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
    view = claimed(first);
    view.commit();
  }

  private CpuView claimed(Device device) {
    CpuView made = cpu.view(device);
    Cpu port = made.as(Cpu.class);
    port.claim((LocalInterrupts) device);
    port.claim((MsrHandler) device, APIC_BASE, DEADLINE, TASK_PRIORITY);
    return made;
  }

  @Test
  void theCpuAsksTheDevice() {
    assertEquals(0x11, cpu.msrs.read(APIC_BASE));
    assertEquals(0x11, cpu.msrs.read(TASK_PRIORITY));
    assertEquals(1, cpu.inputs.taskPriority());
    assertTrue(cpu.inputs.apic() && cpu.inputs.x2apic() && cpu.inputs.deadline());
  }

  @Test
  void withoutItTheCpuHasNoLocalApic() {
    view.as(Cpu.class).interrupt(true);
    cpu.setFlags(FlagBits.IF, FlagBits.IF);
    assertTrue(cpu.inputs.pending());
    view.close();
    assertFalse(cpu.inputs.pending());
    assertEquals(0, cpu.msrs.read(APIC_BASE) & ENABLED);
    for (int msr : new int[] {DEADLINE, TASK_PRIORITY}) {
      assertThrows(CpuFault.class, () -> cpu.msrs.read(msr), "general protection");
      assertThrows(CpuFault.class, () -> cpu.msrs.write(msr, 0), "general protection");
    }
    assertFalse(cpu.inputs.apic() || cpu.inputs.x2apic() || cpu.inputs.deadline());
    assertEquals(0, cpu.inputs.taskPriority());
  }

  /** Without a controller nothing could take the CPU from a guest. */
  @Test
  void aHostsSoftwareIsToldThatItIsGoneAndAsksInVain() {
    QuietHost host = new QuietHost();
    cpu.host.attach(host);
    cpu.inputs.take();
    assertEquals("", host.exit);
    view.close();
    // A device that is gone drives nothing any more.
    view.as(Cpu.class).interrupt(false);
    cpu.inputs.take();
    assertEquals("interrupt", host.exit);
    assertThrows(MsrFault.class, () -> cpu.msrs.hostRead(TASK_PRIORITY));
    assertThrows(MsrFault.class, () -> cpu.msrs.hostWrite(TASK_PRIORITY, 0));
    claimed(new Device(0x33)).commit();
    host.exit = "";
    cpu.inputs.take();
    assertEquals("", host.exit);
    assertEquals(0x33, cpu.msrs.hostRead(TASK_PRIORITY));
  }

  @Test
  void anotherOneTakesItsPlaceWhenItIsGone() {
    CpuView second = claimed(new Device(0x22));
    assertThrows(ModelException.class, second::commit);
    view.close();
    CpuView third = claimed(new Device(0x33));
    third.commit();
    assertEquals(0x33, cpu.msrs.read(DEADLINE));
    assertEquals(3, cpu.inputs.taskPriority());
  }

  @Test
  void whatListensForTheTimeStampIsForgotten() {
    int[] heard = {0};
    CpuView listening = cpu.view(first);
    listening.as(Cpu.class).atTimeStampWritten(() -> heard[0]++);
    listening.commit();
    cpu.msrs.write(0x10, 5);
    assertEquals(1, heard[0]);
    listening.close();
    cpu.msrs.write(0x10, 6);
    assertEquals(1, heard[0]);
  }
}
