// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinKeyboardTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct keyboard. */
class TextInputContractTest {
  private static TextInputContract twin(Defect defect) {
    TwinKeyboardTest twin = new TwinKeyboardTest();
    twin.defect = defect;
    return twin;
  }

  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(TextInputContract.class), Defect.values(), TextInputContractTest::twin);
  }

  /** Each by the check that is for it, so that none hides behind another's. */
  @Test
  void eachCheckFindsWhatItIsFor() {
    assertFinds("keysComeInOrderAndThenThereAreNone", Defect.LAST_FIRST, Defect.SUCCESS_WITHOUT_A_KEY, Defect.KEY_STAYS,
        Defect.WRITES_TOO_MUCH);
    assertFinds("eachKeyComesOnceByWhicheverProtocol", Defect.EXTENDED_KEY_STAYS);
    assertFinds("aKeyWithoutCharacterHasAScanCode", Defect.UP_IS_A_CHARACTER);
    assertFinds("statesAreToldAsFarAsTheyAreKnown", Defect.STATES_ARE_MADE_UP);
    assertFinds("resetForgetsKeys", Defect.RESET_KEEPS_KEYS);
    assertFinds("aKeyThatGoesNowhereIsNotLost", Defect.LOSES_KEYS);
    assertFinds("thereAreEventsToWaitFor", Defect.NO_EVENT);
    assertFinds("aStateIsSetOrNotAndKeysGoOn", Defect.NO_STATE, Defect.STATE_TAKES_KEYS);
    assertFinds("notificationsAreRegisteredAndUnregistered", Defect.ONE_HANDLE, Defect.ANY_HANDLE, Defect.NO_FUNCTION,
        Defect.KEEPS_NOTIFICATIONS);
  }

  private static void assertFinds(String check, Defect... defects) {
    for (Defect defect : defects) {
      List<String> found = ContractProof.rejections(List.of(TextInputContract.class), twin(defect));
      assertTrue(found.contains(check), defect + " is rejected by " + found);
    }
  }
}
