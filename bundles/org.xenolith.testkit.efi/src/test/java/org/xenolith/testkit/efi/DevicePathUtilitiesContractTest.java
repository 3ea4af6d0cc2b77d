// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinPathsTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct provider. */
class DevicePathUtilitiesContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(DevicePathUtilitiesContract.class), Defect.values(), defect -> {
      TwinPathsTest twin = new TwinPathsTest();
      twin.defect = defect;
      return twin;
    });
  }
}
