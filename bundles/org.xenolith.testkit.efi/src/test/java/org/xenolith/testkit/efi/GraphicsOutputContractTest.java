// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinDisplayTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct display. */
class GraphicsOutputContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(GraphicsOutputContract.class), Defect.values(), defect -> {
      TwinDisplayTest twin = new TwinDisplayTest();
      twin.defect = defect;
      return twin;
    });
  }
}
