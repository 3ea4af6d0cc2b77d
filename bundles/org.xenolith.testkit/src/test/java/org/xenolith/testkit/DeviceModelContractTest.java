// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.LampModel.Defect;

/** The contract rejects each deliberately broken twin of a correct model. */
class DeviceModelContractTest {
  private final EnumSet<Defect> covered = EnumSet.of(Defect.NONE);

  private void rejects(Defect defect, Consumer<DeviceModelContract> check) {
    covered.add(defect);
    assertThrows(AssertionError.class, () -> check.accept(twin(defect)), defect.toString());
  }

  @Test
  void rejectsEachBrokenTwin() {
    rejects(Defect.NO_NAME, DeviceModelContract::describesItselfAndItsOptions);
    rejects(Defect.RESET_VALUE, DeviceModelContract::everyRegisterReadsItsResetValue);
    rejects(Defect.MASK, DeviceModelContract::everyRegisterKeepsItsWritableBitsAndNoOthers);
    rejects(Defect.SILENT_GAP, DeviceModelContract::anUnknownOffsetIsReportedAndDoesNothing);
    rejects(Defect.THROWS, DeviceModelContract::noAccessThrows);
    rejects(Defect.OWN_MIND, DeviceModelContract::theSameAccessesGiveTheSameAnswers);
    rejects(Defect.RESET_FORGETS_ALARM, DeviceModelContract::resetBringsBackTheBeginning);
    rejects(Defect.RESET_FORGETS_LINE, DeviceModelContract::resetBringsBackTheBeginning);
    rejects(Defect.HIDDEN_STATE, DeviceModelContract::handOverLosesNothing);
    rejects(Defect.RESTORE_FORGETS_LINE, DeviceModelContract::handOverLosesNothing);
    rejects(Defect.RESTORED_CHANGES_STATE, DeviceModelContract::handOverLosesNothing);
    rejects(Defect.STAYS_PLUGGED_IN, DeviceModelContract::aRemovedModelHearsNothing);
    rejects(Defect.MISSPELT, contract -> {
      try {
        contract.itsComponentSaysWhatItMatches();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    rejects(Defect.OPTION_TWICE, DeviceModelContract::describesItselfAndItsOptions);
    rejects(Defect.STARTS_THREAD, DeviceModelContract::makesNoThread);
    rejects(Defect.READ_COUNTS, DeviceModelContract::readsChangeNothing);
    rejects(Defect.READ_ENDS_ALARM, DeviceModelContract::readsChangeNothing);
    rejects(Defect.RESTORE_FORGETS_LINE, DeviceModelContract::restoredDrivesTheLinesThatResetDrives);
    rejects(Defect.TABLE_WRITABLE, DeviceModelContract::theTableIsTheManuals);
    rejects(Defect.TABLE_RESET, DeviceModelContract::theTableIsTheManuals);
    rejects(Defect.UNSERVED, DeviceModelContract::everyRegisterOfTheTableIsThere);
    rejects(Defect.ONE_SETS, DeviceModelContract::aWrittenOneClears);
    rejects(Defect.SAVE_COUNTS, DeviceModelContract::savingChangesNothing);
    for (Defect ofHost : EnumSet.range(Defect.STARTS_THREAD, Defect.PRINTS)) {
      rejects(ofHost, DeviceModelContractTest::asksNothingOfTheHost);
    }
    assertEquals(EnumSet.allOf(Defect.class), covered);
  }

  private static void asksNothingOfTheHost(DeviceModelContract contract) {
    try {
      contract.asksNothingOfTheHost();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is declared is no slip: a FIFO's data register. */
  @Test
  void aReadThatIsDeclaredMayAct() {
    LampContractTest counts = twin(Defect.READ_COUNTS);
    counts.acting = Set.of(LampModel.Table.BROKEN);
    counts.readsChangeNothing();
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

  /** A contract check that no twin fails could be empty. */
  @Test
  void everyCheckRejectsATwin() {
    List<String> idle = new ArrayList<>();
    Arrays.stream(DeviceModelContract.class.getDeclaredMethods()).filter(m -> m.isAnnotationPresent(Test.class))
        .forEach(check -> {
          if (Arrays.stream(Defect.values()).noneMatch(defect -> fails(check, defect))) {
            idle.add(check.getName());
          }
        });
    assertEquals(List.of(), idle);
  }

  private static LampContractTest twin(Defect defect) {
    LampContractTest twin = new LampContractTest();
    twin.defect = defect;
    return twin;
  }

  private static boolean fails(Method check, Defect defect) {
    try {
      check.invoke(twin(defect));
      return false;
    } catch (InvocationTargetException e) {
      return e.getCause() instanceof AssertionError;
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
