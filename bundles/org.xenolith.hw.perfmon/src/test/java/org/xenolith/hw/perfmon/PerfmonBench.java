// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;

/** Machines of CPUs that are counted. */
final class PerfmonBench {
  private PerfmonBench() {}

  static FakeNode node() {
    return FakeNode.at("/pmu").compatible("xenolith,x86-perfmon");
  }

  /** The factory in such a machine. Each interrupt of a CPU's monitor turns its line of the node's interrupt over, if the node has one. */
  static DeviceModelFactory factory() {
    DeviceModelFactory component = new PerfmonComponent();
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return component.description();
      }

      @Override
      public DeviceModel create(DeviceContext made) {
        FakeContext fake = (FakeContext) made;
        for (FakeCpu cpu : fake.cpus()) {
          try {
            cpu.as(CountedX64Cpu.class).unclaim();
          } catch (ModelException none) {
            cpu.platformObject(new CountedX64Cpu(cpu.index(), fake.clock(), times -> {
              if (fake.lines().interrupts() > 0) {
                fake.interrupt(0, cpu.index()).set(times % 2 == 1);
              }
            }));
          }
        }
        return new Removable(component.create(made), fake);
      }
    };
  }

  /** A model whose CPUs forget it when it is removed, as closing its context does. */
  private record Removable(DeviceModel model, FakeContext context) implements DeviceModel {
    @Override
    public DeviceState state() {
      return model.state();
    }

    @Override
    public void reset() {
      model.reset();
    }

    @Override
    public void restored() {
      model.restored();
    }

    @Override
    public void removed() {
      model.removed();
      context.cpus().forEach(cpu -> cpu.as(CountedX64Cpu.class).unclaim());
    }
  }
}
