// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xenolith.testkit.LampModel.Defect;

/**
 * The contract rejects each deliberately broken twin of a correct model, by the check that is made for that, and a correct one by none.
 * Six are those that an earlier contract did not see in a real-time clock: a thread, the host's clock, a line that {@code restored()}
 * forgets, a read that acts, and the two slips of a table.
 */
class DeviceModelContractTest {
  private static final List<Class<?>> CONTRACTS = contracts();

  /** All checks that a twin fails, and no others. */
  private static final Map<Defect, Set<String>> REJECTIONS = new EnumMap<>(Defect.class);

  static {
    REJECTIONS.put(Defect.NONE, Set.of());
    REJECTIONS.put(Defect.NO_NAME, Set.of("describesItselfAndItsOptions"));
    REJECTIONS.put(Defect.RESET_VALUE, Set.of("everyRegisterKeepsItsWritableBitsAndNoOthers", "everyRegisterReadsItsResetValue"));
    REJECTIONS.put(Defect.MASK, Set.of("everyRegisterKeepsItsWritableBitsAndNoOthers"));
    REJECTIONS.put(Defect.SILENT_GAP, Set.of("anUnknownOffsetIsReportedAndDoesNothing", "everyRegisterThatAGuestFindsIsShown"));
    REJECTIONS.put(Defect.HIDES_CLAIM, Set.of("everyRegisterThatIsClaimedOnACpuIsShown"));
    REJECTIONS.put(Defect.SHOWING_COUNTS, Set.of("showingChangesNothing"));
    REJECTIONS.put(Defect.UNNAMED_BIT, Set.of("everyBitThatCanBeWrittenBelongsToAField"));
    REJECTIONS.put(Defect.THROWS, Set.of("aRemovedModelHearsNothing", "makesNoThread", "noAccessThrows"));
    REJECTIONS.put(Defect.OWN_MIND, Set.of("everyRegisterKeepsItsWritableBitsAndNoOthers", "everyRegisterReadsItsResetValue",
        "handOverLosesNothing", "theSameAccessesGiveTheSameAnswers"));
    REJECTIONS.put(Defect.RESET_FORGETS_ALARM, Set.of("resetBringsBackTheBeginning"));
    REJECTIONS.put(Defect.RESET_FORGETS_LINE, Set.of("resetBringsBackTheBeginning"));
    REJECTIONS.put(Defect.HIDDEN_STATE, Set.of("handOverLosesNothing"));
    REJECTIONS.put(Defect.RESTORE_FORGETS_LINE, Set.of("restoredDrivesTheLinesThatResetDrives"));
    REJECTIONS.put(Defect.RESTORED_CHANGES_STATE, Set.of("aDeviceThatComesBackGoesOnFromItsRecord", "handOverLosesNothing"));
    REJECTIONS.put(Defect.STAYS_PLUGGED_IN, Set.of("aRemovedModelHearsNothing"));
    REJECTIONS.put(Defect.OPTION_TWICE, Set.of("describesItselfAndItsOptions"));
    REJECTIONS.put(Defect.STARTS_THREAD, Set.of("makesNoThread", "asksNothingOfTheHost"));
    REJECTIONS.put(Defect.READ_COUNTS, Set.of("readsChangeNothing"));
    REJECTIONS.put(Defect.READ_ENDS_ALARM, Set.of("readsChangeNothing"));
    REJECTIONS.put(Defect.TABLE_WRITABLE, Set.of("theTableIsTheManuals"));
    REJECTIONS.put(Defect.TABLE_RESET, Set.of("theTableIsTheManuals"));
    REJECTIONS.put(Defect.UNSERVED, Set.of("everyRegisterOfTheTableIsThere"));
    REJECTIONS.put(Defect.ONE_SETS, Set.of("aWrittenOneClears"));
    REJECTIONS.put(Defect.SAVE_COUNTS, Set.of("aRemovedModelHearsNothing", "anUnknownOffsetIsReportedAndDoesNothing",
        "handOverLosesNothing", "readsChangeNothing", "savingChangesNothing", "showingChangesNothing"));
    REJECTIONS.put(Defect.MISSPELT, Set.of("itsComponentSaysWhatItMatches"));
    REJECTIONS.put(Defect.HOST_CLOCK, Set.of("asksNothingOfTheHost"));
    REJECTIONS.put(Defect.SLEEPS, Set.of("asksNothingOfTheHost"));
    REJECTIONS.put(Defect.CHANCE, Set.of("asksNothingOfTheHost"));
    REJECTIONS.put(Defect.TIME_ZONE, Set.of("asksNothingOfTheHost"));
    REJECTIONS.put(Defect.EXITS, Set.of("asksNothingOfTheHost"));
    REJECTIONS.put(Defect.PRINTS, Set.of("asksNothingOfTheHost"));
    REJECTIONS.put(Defect.RESET_FORGETS_STATE, Set.of("resetBringsBackTheBeginning"));
    REJECTIONS.put(Defect.RESTORED_ARMS_ALARM, Set.of("handOverLosesNothing"));
    REJECTIONS.put(Defect.READ_GIVES_NEXT, Set.of("everyRegisterKeepsItsWritableBitsAndNoOthers", "handOverLosesNothing",
        "readsChangeNothing"));
    REJECTIONS.put(Defect.READ_LOWERS_LINE, Set.of("handOverLosesNothing", "readsChangeNothing", "restoredDrivesTheLinesThatResetDrives"));
  }

  private static List<Class<?>> contracts() {
    List<Class<?>> contracts = new ArrayList<>();
    for (Class<?> each = DeviceModelContract.class; each != Object.class; each = each.getSuperclass()) {
      contracts.add(each);
    }
    return contracts;
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void rejectsEachTwinByItsChecks(Defect defect) {
    assertEquals(new TreeSet<>(REJECTIONS.get(defect)), new TreeSet<>(ContractProof.rejections(CONTRACTS, twin(defect))));
  }

  /** A contract check that no twin fails could be empty. */
  @Test
  void everyCheckRejectsATwin() {
    Set<String> checks = new TreeSet<>();
    CONTRACTS.forEach(contract -> List.of(contract.getDeclaredMethods()).stream().filter(m -> m.isAnnotationPresent(Test.class))
        .forEach(m -> checks.add(m.getName())));
    Set<String> used = new TreeSet<>();
    REJECTIONS.values().forEach(used::addAll);
    assertEquals(checks, used);
  }

  /** What is declared is no slip: a FIFO's data register. */
  @Test
  void aReadThatIsDeclaredMayAct() {
    LampContractTest counts = twin(Defect.READ_COUNTS);
    counts.acting = Set.of(LampModel.Table.BROKEN);
    counts.readsChangeNothing();
  }

  /** Somebody who has never heard of it sees it first in a test that fails after an update. */
  @Test
  void saysWhichReadChangesWhatAndWhereThatIsDeclared() {
    assertSays(Defect.READ_COUNTS, "reading BROKEN changes state 'presses' from 0x[0-9a-f]+ to 0x[0-9a-f]+ \\(seed 1, after .*\\)\\. .*"
        + "override actingReads\\(\\) to contain BROKEN");
    assertSays(Defect.READ_ENDS_ALARM, "reading BROKEN changes alarm 'off' from [0-9]+ ns to none .*actingReads\\(\\).*");
    assertSays(Defect.READ_LOWERS_LINE, "reading BROKEN changes interrupt lines from 10 to 00 .*actingReads\\(\\).*");
    assertSays(Defect.READ_GIVES_NEXT, "reading BROKEN changes what it gives from 0x[0-9a-f]+ to 0x[0-9a-f]+ .*actingReads\\(\\).*");
  }

  private static void assertSays(Defect defect, String pattern) {
    String message = assertThrows(AssertionError.class, twin(defect)::readsChangeNothing).getMessage();
    assertTrue(message.matches(pattern), message);
  }

  @Test
  void saysWhichCallOfWhichMethod() throws IOException {
    assertEquals(List.of(LampFactories.class.getName()
        + "$HostClock.create uses java.lang.System.currentTimeMillis: a model reads no clock but"
        + " the machine's"), HostCalls.of(LampFactories.of(Defect.HOST_CLOCK).getClass(), Set.of()));
    assertEquals(List.of(), HostCalls.of(LampFactories.of(Defect.HOST_CLOCK).getClass(), Set.of("java.lang.System.currentTimeMillis")));
  }

  /** Else its registers' checks would be empty. */
  @Test
  void rejectsAWindowWithoutATable() {
    LampContractTest forgetful = twin(Defect.NONE);
    forgetful.registers = List.of();
    assertThrows(AssertionError.class, forgetful::everyRegisterReadsItsResetValue);
    assertThrows(AssertionError.class, forgetful::everyRegisterKeepsItsWritableBitsAndNoOthers);
  }

  private static LampContractTest twin(Defect defect) {
    LampContractTest twin = new LampContractTest();
    twin.defect = defect;
    return twin;
  }
}
