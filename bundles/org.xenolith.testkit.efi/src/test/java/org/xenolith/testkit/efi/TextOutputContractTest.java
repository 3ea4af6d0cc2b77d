// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinScreenTest.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct screen. */
class TextOutputContractTest {
  private static TextOutputContract twin(Defect defect) {
    TwinScreenTest twin = new TwinScreenTest();
    twin.defect = defect;
    return twin;
  }

  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(TextOutputContract.class), Defect.values(), TextOutputContractTest::twin);
  }

  /** Each by the check that is for it, so that none hides behind another's. */
  @Test
  void eachCheckFindsWhatItIsFor() {
    assertFinds("theModeIsDescribed", Defect.NO_MODES);
    assertFinds("modesAreTold", Defect.SMALL, Defect.TELLS_ANY_MODE);
    assertFinds("aModeIsSetWithAClearScreen", Defect.SETS_ANY_MODE, Defect.MODE_KEEPS_THE_CURSOR);
    assertFinds("theCursorIsPutOnTheScreenOnly", Defect.CURSOR_ANYWHERE);
    assertFinds("theCursorMovesWithTheText", Defect.NO_WRAP, Defect.NO_BACKSPACE, Defect.BACKSPACE_GOES_UP, Defect.SCROLLS_TOO_FAR);
    assertFinds("theCursorMovesWithTheText", Defect.DROPS_CONTROLS, Defect.HALF_OF_LONG_TEXT);
    assertFinds("coloursAreSet", Defect.ANY_COLOUR, Defect.LOW_BITS_OF_A_COLOUR);
    assertFinds("aScreenIsClearedAndReset", Defect.CLEARS_COLOURS, Defect.RESET_KEEPS_COLOURS, Defect.CLEAR_KEEPS_THE_CURSOR);
    assertFinds("theCursorIsShownAndHidden", Defect.CURSOR_STAYS_VISIBLE);
    assertFinds("whatIsTestedIsNotShown", Defect.NO_BOXES, Defect.TEST_SHOWS);
    assertFinds("textThatIsNowhereIsRefused", Defect.SHOWS_BEFORE_IT_READS);
  }

  private static void assertFinds(String check, Defect... defects) {
    for (Defect defect : defects) {
      List<String> found = ContractProof.rejections(List.of(TextOutputContract.class), twin(defect));
      assertTrue(found.contains(check), defect + " is rejected by " + found);
    }
  }
}
