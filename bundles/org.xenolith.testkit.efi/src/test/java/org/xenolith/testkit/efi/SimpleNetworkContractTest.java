// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinNetworkTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct interface. */
class SimpleNetworkContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(NetworkFramesContract.class, SimpleNetworkContract.class), Defect.values(), defect -> {
      TwinNetworkTest twin = new TwinNetworkTest();
      twin.defect = defect;
      return twin;
    });
  }
}
