// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinDriver.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct driver. */
class DriverContractTest {
  private static DriverContract twin(Defect defect) {
    TwinDriverTest twin = new TwinDriverTest();
    twin.defect = defect;
    return twin;
  }

  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(DriverContract.class), Defect.values(), DriverContractTest::twin);
  }

  /** Each by the check that is for it, so that none hides behind another's. */
  @Test
  void eachCheckFindsWhatItIsFor() {
    assertFinds("supportedLeavesTheControllerAsItWas", Defect.SUPPORTED_KEEPS_IT_OPEN);
    assertFinds("supportedLeavesTheControllerAsItWas", Defect.SUPPORTED_ALLOCATES);
    for (Defect defect : List.of(Defect.START_PUBLISHES_NOTHING, Defect.STOP_KEEPS_IT_OPEN, Defect.STOP_KEEPS_A_PAGE,
        Defect.STOP_KEEPS_THE_MARK,
        Defect.STOP_KEEPS_THE_EVENT)) {
      assertFinds("stopLeavesNothingOfWhatStartMade", defect);
    }
    assertFinds("aSecondStartChangesNothing", Defect.SUPPORTED_THOUGH_STARTED);
    assertFinds("oneProtocolOfTheControllerIsManaged", Defect.START_OPENS_NOTHING);
    assertFinds("oneProtocolOfTheControllerIsManaged", Defect.START_MANAGES_TWO);
    assertFinds("otherBusesAreLeftAlone", Defect.SUPPORTED_ALWAYS);
    assertFinds("ofTwoBusesOnlyItsOwnIsTouched", Defect.TOUCHES_OTHER_BUSES);
    assertFinds("ofTwoBusesOnlyItsOwnIsTouched", Defect.OPENS_OTHER_BUSES);
    assertFinds("stopOfWhatIsntManagedChangesNothing", Defect.STOP_OF_ANYTHING);
    assertFinds("stopOfWhatIsntManagedChangesNothing", Defect.STOP_OF_ANY_CHILD);
    assertFinds("aMadeUpBindingIsRefused", Defect.BELIEVES_THIS);
    assertFinds("theDriverHasAName", Defect.NO_NAME);
    assertFinds("aStopThatWasLeftBehindIsMadeGoodByTheNext", Defect.STOP_BEGINS_AT_ITS_END);
    for (String check : List.of("aStartThatGetsNoMemoryLeavesNothing", "aStartThatIsRefusedSomethingLeavesNothing",
        "aStartThatHardwareLiesToLeavesNothing")) {
      assertFinds(check, Defect.KEEPS_A_PAGE_OF_A_FAILED_START);
      assertFinds(check, Defect.KEEPS_HARDWARE);
    }
    assertEquals(List.of(), ContractProof.rejections(List.of(DriverContract.class), twin(Defect.NONE)));
  }

  private static void assertFinds(String check, Defect defect) {
    List<String> found = ContractProof.rejections(List.of(DriverContract.class), twin(defect));
    assertTrue(found.contains(check), defect + " is rejected by " + found);
  }
}
