// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinCollationTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct collation. */
class UnicodeCollationContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(UnicodeCollationContract.class), Defect.values(), defect -> {
      TwinCollationTest twin = new TwinCollationTest();
      twin.defect = defect;
      return twin;
    });
  }
}
