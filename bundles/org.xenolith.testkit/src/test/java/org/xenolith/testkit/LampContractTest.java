// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.LampModel.Defect;
import org.xenolith.testkit.LampModel.Table;

/** A correct model keeps the contract. */
class LampContractTest extends DeviceModelContract {
  /** What is wrong with the lamp, and what the test says of its registers; the contract's own test changes them. */
  Defect defect = Defect.NONE;
  List<Table> registers = List.of(Table.values());

  @Override
  protected DeviceModelFactory factory() {
    return defect == Defect.MISSPELT ? new MisspeltLamp() : new LampModel.Factory(defect);
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/lamp@1000").compatible("example,lamp").window(0x1000, 0x100).interrupt("/intc", 0, 3, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return registers;
  }

  @Override
  protected Set<Table> computed() {
    return Set.of(Table.PRESSES);
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    context.port(LampModel.Button.class).press();
  }
}
