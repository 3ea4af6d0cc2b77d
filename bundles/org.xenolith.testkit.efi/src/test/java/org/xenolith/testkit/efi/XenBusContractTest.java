// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinXenBusTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct bus. */
class XenBusContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(XenStoreContract.class, XenBusContract.class), Defect.values(), defect -> {
      TwinXenBusTest twin = new TwinXenBusTest();
      twin.defect = defect;
      return twin;
    });
  }
}
