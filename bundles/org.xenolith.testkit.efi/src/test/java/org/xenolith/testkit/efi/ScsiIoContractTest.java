// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinScsiUnitTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct unit. */
class ScsiIoContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(ScsiIoContract.class), Defect.values(), defect -> {
      TwinScsiUnitTest twin = new TwinScsiUnitTest();
      twin.defect = defect;
      return twin;
    });
  }
}
