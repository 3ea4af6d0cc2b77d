// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinSecurityTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct provider. */
class SecurityContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(SecurityContract.class), Defect.values(), defect -> {
      TwinSecurityTest twin = new TwinSecurityTest();
      twin.defect = defect;
      return twin;
    });
  }
}
