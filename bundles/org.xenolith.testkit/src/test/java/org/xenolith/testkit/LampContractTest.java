// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.LampModel.Defect;
import org.xenolith.testkit.LampModel.Table;

/** A correct model keeps the contract. */
class LampContractTest extends DeviceModelContract {
  /** What is wrong with the lamp, and what the test says of its registers; the contract's own test changes them. */
  Defect defect = Defect.NONE;
  List<Table> registers = List.of(Table.values());
  Set<Table> acting = Set.of();

  @Override
  protected DeviceModelFactory factory() {
    return defect == Defect.MISSPELT ? new MisspeltLamp() : LampFactories.of(defect);
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/lamp@1000").compatible("example,lamp").window(0x1000, 0x100).interrupt("/intc", 0, 3, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return switch (defect) {
      case TABLE_WRITABLE -> with(Table.BROKEN, Table.BROKEN.spec().rw(0x2));
      case TABLE_RESET -> with(Table.COLOUR, Table.COLOUR.spec().reset(0xFF_FFFE));
      default -> registers;
    };
  }

  private List<Register> with(Table changed, RegisterSpec spec) {
    return registers.stream().<Register>map(row -> row == changed ? new Row(row.name(), spec) : row).toList();
  }

  /** A row of a table with a slip. */
  private record Row(String name, RegisterSpec spec) implements Register {}

  @Override
  protected String manual() {
    return """
        0 SWITCH 0      3          # 1.1
        4 COLOUR ffffff ffffff     # 1.2
        8 BROKEN 0      0      w1c=1
        c PRESSES 0     0
        """;
  }

  @Override
  protected Set<Table> computed() {
    return Set.of(Table.PRESSES);
  }

  @Override
  protected Set<Table> actingReads() {
    return acting;
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    context.port(LampModel.Button.class).press();
  }
}
