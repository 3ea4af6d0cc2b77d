// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct host. */
class ExtScsiPassThruContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(ExtScsiPassThruContract.class), ScsiHostDefect.values(), defect -> {
      TwinScsiHostTest twin = new TwinScsiHostTest();
      twin.defect = defect;
      return twin;
    });
  }
}
