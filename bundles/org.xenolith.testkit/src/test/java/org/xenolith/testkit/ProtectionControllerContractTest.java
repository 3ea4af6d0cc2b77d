// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.ProtectionController.Table;

/** A device of the secure world keeps the contract of every device. */
class ProtectionControllerContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new ProtectionController.Factory();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/tzpc@9000").compatible("arm,bp147").window(0x9000, 0x1000).build();
  }

  @Override
  protected boolean secure() {
    return true;
  }

  @Override
  protected List<Table> registers() {
    return List.of(Table.values());
  }

  @Override
  protected Set<Table> computed() {
    return Set.of(Table.DECPROT0SET, Table.DECPROT0CLR);
  }

  @Override
  protected String manual() {
    return """
        000 R0SIZE       200 3ff # DTO 0015A, 3.2
        800 DECPROT0STAT 0   0
        804 DECPROT0SET  0   0
        808 DECPROT0CLR  0   0
        """;
  }
}
