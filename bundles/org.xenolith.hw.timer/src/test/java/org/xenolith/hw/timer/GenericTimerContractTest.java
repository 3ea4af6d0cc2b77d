// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;

/** The timers have system registers instead of a window. */
class GenericTimerContractTest extends DeviceModelContract {
  private static final int ID_AA64PFR0_EL1 = SystemRegister.id(3, 0, 0, 4, 0);

  /** With EL2, so that all of them are there. */
  @Override
  protected DeviceModelFactory factory() {
    DeviceModelFactory component = new GenericTimerComponent();
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return component.description();
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        context.processors().cpus().forEach(cpu -> ((FakeCpu) cpu).systemRegister(ID_AA64PFR0_EL1, 0x111));
        return component.create(context);
      }
    };
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/timer").compatible("arm,armv8-timer").interrupt("/intc", 1, 13, 0x104)
        .interrupt("/intc", 1, 14, 0x104).interrupt("/intc", 1, 11, 0x104).interrupt("/intc", 1, 10, 0x104).build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** Accesses to system registers at any exception level, with values near the present. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    FakeCpu cpu = context.cpus().get(random.nextInt(2));
    int[] ids = cpu.claimedRegisters();
    if (ids.length == 0) {
      return;
    }
    for (int i = 0; i < 4; i++) {
      try {
        cpu.exceptionLevel(random.nextInt(3));
        int id = ids[random.nextInt(ids.length)];
        if (random.nextInt(3) == 0) {
          cpu.mrs(id);
        } else {
          cpu.msr(id, random.nextBoolean() ? random.nextInt(4) : context.time().clock().now() / 16 + random.nextInt(200_000));
        }
      } catch (SystemRegisterTrap trap) {
        // An answer like another.
      }
    }
  }
}
