// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinTransportTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of correct transports, a modern and a legacy one. */
class VirtioDeviceContractTest {
  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(VirtioDeviceContract.class), List.of(Defect.MODERN, Defect.LEGACY), List.of(Defect.values()), defect -> {
      TwinTransportTest twin = new TwinTransportTest();
      twin.defect = defect;
      return twin;
    });
  }
}
