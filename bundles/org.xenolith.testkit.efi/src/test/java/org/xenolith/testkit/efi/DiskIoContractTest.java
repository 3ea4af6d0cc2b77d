// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinBytesTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct disk. */
class DiskIoContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(DiskIoContract.class), Defect.values(), defect -> {
      TwinBytesTest twin = new TwinBytesTest();
      twin.defect = defect;
      return twin;
    });
  }
}
