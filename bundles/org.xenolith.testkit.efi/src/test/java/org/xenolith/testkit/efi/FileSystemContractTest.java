// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.efi.TwinVolume.Defect;
import org.xenolith.testkit.ContractProof;

/** The contracts of files and file systems reject each deliberately broken twin of a correct volume. */
class FileSystemContractTest {
  private static final List<Class<?>> CONTRACTS = List.of(FileSystemContract.class, FileContract.class);

  private static FileSystemContract twin(Defect defect) {
    TwinVolumeTest twin = new TwinVolumeTest();
    twin.defect = defect;
    return twin;
  }

  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(CONTRACTS, Defect.values(), FileSystemContractTest::twin);
  }

  /** Each by the check that is for it, so that none hides behind another's. */
  @Test
  void eachCheckFindsWhatItIsFor() {
    assertFinds("eachRootIsAFileOfItsOwn", Defect.NO_REVISION, Defect.ONE_ROOT, Defect.ROOT_TO_NOWHERE);
    assertFinds("filesAreFoundByTheirPaths", Defect.RELATIVE_IS_ABSOLUTE, Defect.NO_DOTS);
    assertFinds("whatIsOpenedByDotsIsTheDirectoryItself", Defect.DOTS_HAVE_NAMES, Defect.NO_DOTS);
    assertFinds("whatIsNotThereIsNotFound", Defect.FINDS_BEGINNINGS, Defect.FILES_ARE_DIRECTORIES, Defect.KEEPS_A_PAGE,
        Defect.ABOVE_THE_ROOT);
    assertFinds("openNeedsModeAndPointersThatMeanSomething", Defect.ANY_MODE);
    assertFinds("eachOpenedFileHasAPositionOfItsOwn", Defect.ONE_POSITION);
    assertFinds("whatIsClosedIsNoFile", Defect.CLOSE_FORGETS_NOTHING, Defect.CLOSED_IS_OPEN);
    assertFinds("whatCantBeDeletedIsClosedWithAWarning", Defect.DELETE_IS_SUCCESS, Defect.DELETE_KEEPS, Defect.DELETES);
    assertFinds("whatCantBeWrittenIsNotWritten", Defect.OPENS_TO_WRITE, Defect.WRITES, Defect.WRITES_DIRECTORIES, Defect.SETS_ANYTHING);
    assertFinds("filesAreReadPieceByPieceAndNothingElseIsTouched", Defect.READS_ONE_MORE);
    assertFinds("positionsAreSetAndTold", Defect.READS_ON_BEHIND);
    assertFinds("directoriesAreReadEntryByEntry", Defect.NO_END, Defect.DIRECTORY_HAS_POSITIONS, Defect.NO_BEGINNING, Defect.SIZE_IS_WRONG);
    assertFinds("anEntryThatHasNoRoomIsToldNextTime", Defect.LOSES_ENTRIES, Defect.NO_NEEDED_SIZE);
    assertFinds("filesAreDescribed", Defect.SIZE_IS_WRONG, Defect.NOT_A_DIRECTORY, Defect.ROOT_HAS_A_NAME);
    assertFinds("theVolumeIsDescribed", Defect.NO_LABEL, Defect.NO_BLOCKS);
    assertFinds("whatIsToldNeedsRoom", Defect.NO_NEEDED_SIZE, Defect.ANY_KIND);
    assertFinds("buffersThatAreNowhereAreRefusedAndReadingGoesOn", Defect.MOVES_ON_ERRORS);
    assertFinds("aRevisionHasItsFunctions", Defect.SECOND_REVISION);
  }

  private static void assertFinds(String check, Defect... defects) {
    for (Defect defect : defects) {
      List<String> found = ContractProof.rejections(CONTRACTS, twin(defect));
      assertTrue(found.contains(check), defect + " is rejected by " + found);
    }
  }
}
