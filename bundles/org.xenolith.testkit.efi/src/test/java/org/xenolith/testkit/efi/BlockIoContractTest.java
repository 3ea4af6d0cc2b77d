// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinMedium.Defect;
import org.xenolith.testkit.ContractProof;

/** The contract rejects each deliberately broken twin of a correct disk. */
class BlockIoContractTest {
  private static BlockIoContract twin(Defect defect) {
    TwinMediumTest twin = new TwinMediumTest();
    twin.defect = defect;
    return twin;
  }

  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(List.of(BlockIoContract.class), Defect.values(), BlockIoContractTest::twin);
  }

  /** Each by the check that is for it, so that none hides behind another's. */
  @Test
  void eachCheckFindsWhatItIsFor() {
    assertFinds("theMediumIsDescribed", Defect.TOO_FEW_BLOCKS);
    assertFinds("theMediumIsDescribed", Defect.NO_MEDIUM_THERE);
    assertFinds("blocksAreReadAndNothingElseIsTouched", Defect.READS_TOO_MUCH);
    assertFinds("blocksAreReadAndNothingElseIsTouched", Defect.READS_ANOTHER_BLOCK);
    assertFinds("blocksAreWrittenAndNothingElse", Defect.WRITES_TOO_MUCH);
    assertFinds("blocksAreWrittenAndNothingElse", Defect.WRITES_THE_BUFFER);
    assertFinds("blocksAreWrittenAndNothingElse", Defect.NO_FLUSH);
    assertFinds("anotherMediumIsRefused", Defect.ANY_MEDIUM);
    assertFinds("anotherMediumIsRefused", Defect.READS_THEN_REFUSES);
    assertFinds("sizesThatAreNoBlocksAreRefused", Defect.ANY_SIZE);
    assertFinds("blocksThatAreNotThereAreRefused", Defect.ANY_BLOCK);
    assertFinds("aSizeOfNothingIsNothingToDo", Defect.NOTHING_IS_AN_ERROR);
    assertFinds("buffersThatAreNowhereAreRefused", Defect.ANY_BUFFER);
    assertFinds("buffersThatAreNowhereAreRefused", Defect.BREAKS_AFTER_AN_ERROR);
    assertFinds("buffersThatAreNowhereAreRefused", Defect.KEEPS_PAGES);
    assertFinds("aMadeUpProtocolIsRefused", Defect.ANY_PROTOCOL);
    assertFinds("whatIsWriteProtectedIsNotWritten", Defect.WRITES_WHAT_IS_PROTECTED);
    assertFinds("aDescriptionThatWasOverwrittenHurtsNobodyElse", Defect.BELIEVES_ITS_DESCRIPTION);
  }

  private static void assertFinds(String check, Defect defect) {
    List<String> found = ContractProof.rejections(List.of(BlockIoContract.class), twin(defect));
    assertTrue(found.contains(check), defect + " is rejected by " + found);
  }
}
