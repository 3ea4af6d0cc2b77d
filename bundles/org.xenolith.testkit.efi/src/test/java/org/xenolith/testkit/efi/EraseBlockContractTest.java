// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinEraserTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct medium. */
class EraseBlockContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(EraseBlockContract.class), Defect.values(), defect -> {
      TwinEraserTest twin = new TwinEraserTest();
      twin.defect = defect;
      return twin;
    });
  }
}
