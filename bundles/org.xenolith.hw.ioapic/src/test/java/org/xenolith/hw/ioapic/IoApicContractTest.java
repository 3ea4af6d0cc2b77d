// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.x64.api.EndOfInterruptPort;

/** The contract; between two accesses lines change, ends of interrupts come, and a driver writes the redirection table. */
class IoApicContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    DeviceModelFactory component = new IoApicComponent();
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return component.description();
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        if (context.platform().node(IoApicBench.LOCAL_APICS).isEmpty()) {
          ((FakeContext) context).beside(IoApicBench.localApics().build());
        }
        return component.create(context);
      }
    };
  }

  @Override
  protected PlatformNode node() {
    return IoApicBench.node().build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(IoApicRegister.values());
  }

  /** 82093AA, 3.1; the last as ICH9 has it, 13.5.4. */
  @Override
  protected String manual() {
    return """
        00 IOREGSEL 0 ff
        10 IOWIN    0 0    # of the register that is selected
        40 EOIR     0 0    # write-only
        """;
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.of(IoApicRegister.IOWIN);
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    int vector = random.nextInt(4) * 0x10 + 0x20;
    context.port(IoApicBench.LOCAL_APICS, EndOfInterruptPort.class).ended(vector);
    if (context.claimed(0)) {
      context.inputs().set(random.nextInt(24), -1, random.nextBoolean());
      context.write(0x00, 0x10 + random.nextInt(48));
      context.write(0x10, random.nextInt(8) << 13 | random.nextInt(2) << 16 | vector);
    }
  }
}
