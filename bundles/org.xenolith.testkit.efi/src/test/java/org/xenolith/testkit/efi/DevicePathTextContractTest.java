// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinTextsTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct provider. */
class DevicePathTextContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(DevicePathTextContract.class), Defect.values(), defect -> {
      TwinTextsTest twin = new TwinTextsTest();
      twin.defect = defect;
      return twin;
    });
  }
}
