// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinLoadFileTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of what loads a file. */
class LoadFile2ContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(LoadFile2Contract.class), Defect.values(), defect -> {
      TwinLoadFileTest twin = new TwinLoadFileTest();
      twin.defect = defect;
      return twin;
    });
  }
}
