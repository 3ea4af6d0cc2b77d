// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;

/** The monitors have system registers instead of a window, and hear of instructions, levels and branches. */
class PmuContractTest extends DeviceModelContract {
  /** With EL2, so that all is there. */
  @Override
  protected DeviceModelFactory factory() {
    DeviceModelFactory component = new PmuComponent();
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return component.description();
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        context.processors().cpus().forEach(cpu -> {
          ((FakeCpu) cpu).systemRegister(PmuRegisters.ID_AA64PFR0_EL1, 0x111);
          ((FakeCpu) cpu).systemRegister(PmuRegisters.MDCR_EL2, 4);
        });
        return component.create(context);
      }
    };
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pmu").compatible("arm,armv8-pmuv3").interrupt("/intc", 1, 7, 0x104).build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  /** Accesses to system registers at any exception level, instructions, branches, exceptions; values near an overflow. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    FakeCpu cpu = context.cpus().get(random.nextInt(2));
    for (int i = 0; i < 6; i++) {
      switch (random.nextInt(8)) {
        case 0 -> cpu.retire(random.nextInt(1000));
        case 1 -> cpu.branch(random.nextInt(16));
        case 2 -> cpu.takeException(1 + random.nextInt(2));
        case 3 -> cpu.returnFromException(random.nextInt(3));
        default -> access(cpu, random);
      }
    }
  }

  private static void access(FakeCpu cpu, RandomGenerator random) {
    int[] ids = cpu.claimedRegisters();
    if (ids.length == 0) {
      return;
    }
    try {
      int id = ids[random.nextInt(ids.length)];
      if (random.nextInt(3) == 0) {
        cpu.mrs(id);
      } else {
        PmuEvent[] events = PmuEvent.values();
        cpu.msr(id, switch (random.nextInt(4)) {
          case 0 -> events[random.nextInt(events.length)].number;
          case 1 -> -1L - random.nextInt(2000);
          case 2 -> 0xFFFF_FFFFL - random.nextInt(2000);
          default -> random.nextInt() | 1;
        });
      }
    } catch (SystemRegisterTrap trap) {
      // An answer like another.
    }
  }
}
