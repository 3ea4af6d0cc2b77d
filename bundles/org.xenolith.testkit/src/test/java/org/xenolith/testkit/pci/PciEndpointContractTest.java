package org.xenolith.testkit.pci;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.pci.TwinFunction.Defect;

/** The contracts of functions and endpoints reject each deliberately broken twin of a correct endpoint. */
class PciEndpointContractTest {
  @Test void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(PciFunctionContract.class, PciEndpointContract.class), Defect.values(), defect -> {
      TwinFunctionTest twin = new TwinFunctionTest();
      twin.defect = defect;
      return twin;
    });
  }
}
