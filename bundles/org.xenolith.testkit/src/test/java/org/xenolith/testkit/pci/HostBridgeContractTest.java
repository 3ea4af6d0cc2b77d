package org.xenolith.testkit.pci;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.pci.TwinBridge.Defect;

/** The contract rejects each deliberately broken twin of a correct bridge. */
class HostBridgeContractTest {
  @Test void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(HostBridgeContract.class), Defect.values(), defect -> {
      TwinBridgeTest twin = new TwinBridgeTest();
      twin.defect = defect;
      return twin;
    });
  }
}
