// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinRoomTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of correct room. */
class XenIoContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(XenIoContract.class), Defect.values(), defect -> {
      TwinRoomTest twin = new TwinRoomTest();
      twin.defect = defect;
      return twin;
    });
  }
}
