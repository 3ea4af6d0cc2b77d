// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinHiiTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contracts reject each deliberately broken twin of a correct database with its strings. */
class HiiContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(HiiDatabaseContract.class, HiiStringContract.class), Defect.values(), defect -> {
      TwinHiiTest twin = new TwinHiiTest();
      twin.defect = defect;
      return twin;
    });
  }
}
