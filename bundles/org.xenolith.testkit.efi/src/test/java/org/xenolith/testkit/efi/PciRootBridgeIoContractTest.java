// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinRootBridgeTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct root bridge. */
class PciRootBridgeIoContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(PciRootBridgeIoContract.class), Defect.values(), defect -> {
      TwinRootBridgeTest twin = new TwinRootBridgeTest();
      twin.defect = defect;
      return twin;
    });
  }
}
