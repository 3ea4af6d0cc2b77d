// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinLineTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct line. */
class SerialIoContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(SerialIoContract.class), Defect.values(), defect -> {
      TwinLineTest twin = new TwinLineTest();
      twin.defect = defect;
      return twin;
    });
  }
}
