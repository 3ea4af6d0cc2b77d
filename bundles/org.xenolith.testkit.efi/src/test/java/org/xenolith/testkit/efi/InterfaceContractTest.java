// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinInterfaceTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct interface. */
class InterfaceContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(InterfaceContract.class), Defect.values(), defect -> {
      TwinInterfaceTest twin = new TwinInterfaceTest();
      twin.defect = defect;
      return twin;
    });
  }
}
