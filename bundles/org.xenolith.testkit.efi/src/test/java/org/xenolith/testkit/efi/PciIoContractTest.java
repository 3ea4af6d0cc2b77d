// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.ContractProof;

/** The contracts reject each deliberately broken twin of a correct function. */
class PciIoContractTest {
  @Test
  void everyTwinWithBrokenAccessesFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(PciIoContract.class), TwinPciIoTest.Defect.values(), defect -> {
      TwinPciIoTest twin = new TwinPciIoTest();
      twin.defect = defect;
      return twin;
    });
  }

  @Test
  void everyTwinWithBrokenResourcesFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(PciIoResourceContract.class), TwinPciIoResourceTest.Defect.values(), defect -> {
      TwinPciIoResourceTest twin = new TwinPciIoResourceTest();
      twin.defect = defect;
      return twin;
    });
  }
}
