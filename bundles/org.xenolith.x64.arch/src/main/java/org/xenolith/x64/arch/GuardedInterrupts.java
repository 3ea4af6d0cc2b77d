// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.x64.api.LocalInterrupts;

/** A device's local interrupt controller: what it throws takes the device off. */
final class GuardedInterrupts implements LocalInterrupts {
  private static final int SPURIOUS = 0xFF;
  private final LocalInterrupts controller;
  private final Core cpu;
  private final ViewContext device;

  GuardedInterrupts(LocalInterrupts controller, Core cpu, ViewContext device) {
    this.controller = controller;
    this.cpu = cpu;
    this.device = device;
  }

  @Override
  public int acknowledge() {
    device.entered(cpu.index());
    try {
      return controller.acknowledge();
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
      return SPURIOUS;
    }
  }

  @Override
  public int taskPriority() {
    device.entered(cpu.index());
    try {
      return controller.taskPriority();
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
      return 0;
    }
  }

  @Override
  public void taskPriority(int priority) {
    device.entered(cpu.index());
    try {
      controller.taskPriority(priority);
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }

  @Override
  public void performanceInterrupt() {
    device.entered(cpu.index());
    try {
      controller.performanceInterrupt();
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
  }

  @Override
  public boolean enabled() {
    return asked(Question.ENABLED);
  }

  @Override
  public boolean x2apic() {
    return asked(Question.X2APIC);
  }

  @Override
  public boolean deadline() {
    return asked(Question.DEADLINE);
  }

  private enum Question {
    ENABLED, X2APIC, DEADLINE
  }

  private boolean asked(Question question) {
    try {
      return switch (question) {
        case ENABLED -> controller.enabled();
        case X2APIC -> controller.x2apic();
        case DEADLINE -> controller.deadline();
      };
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
      return false;
    }
  }
}
