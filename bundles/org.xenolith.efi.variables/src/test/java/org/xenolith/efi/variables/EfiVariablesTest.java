// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.efi.variables.StoreStand.APPEND;
import static org.xenolith.efi.variables.StoreStand.BS;
import static org.xenolith.efi.variables.StoreStand.BS_RT;
import static org.xenolith.efi.variables.StoreStand.NV_BS;
import static org.xenolith.efi.variables.StoreStand.NV_BS_RT;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.regs.StateMismatch;

/** The variable services, clause by clause of UEFI 2.10, 8.2. */
class EfiVariablesTest {
  private static final VariableName LANG = StoreStand.name("Lang");
  private final StoreStand stand = new StoreStand();

  @Test
  void variableIsMadeChangedAppendedToAndDeleted() {
    assertEquals(EfiStatus.SUCCESS, stand.set("Lang", NV_BS_RT, 1, 2));
    assertEquals("[1, 2]", stand.get("Lang"));
    assertEquals(EfiStatus.SUCCESS, stand.set("Lang", NV_BS_RT, 3));
    assertEquals("[3]", stand.get("Lang"));
    assertEquals(EfiStatus.SUCCESS, stand.set("Lang", NV_BS_RT | APPEND, 4, 5));
    assertEquals("[3, 4, 5]", stand.get("Lang"));
    assertEquals(NV_BS_RT, stand.store.getVariable(LANG, 100).attributes(), "appending isn't an attribute");
    assertEquals(EfiStatus.SUCCESS, stand.set("Lang", NV_BS_RT | APPEND), "appending nothing deletes nothing");
    assertEquals("[3, 4, 5]", stand.get("Lang"));
    assertEquals(EfiStatus.SUCCESS, stand.set("Lang", NV_BS_RT));
    assertEquals("NOT_FOUND", stand.get("Lang"));
    assertEquals(EfiStatus.NOT_FOUND, stand.set("Lang", NV_BS_RT));
    assertEquals(EfiStatus.SUCCESS, stand.set("Lang", NV_BS_RT | APPEND, 9), "appending makes one");
    assertEquals(EfiStatus.SUCCESS, stand.set("Lang", 0, 7), "without access it is deleted, whatever the data");
    assertEquals(EfiStatus.NOT_FOUND, stand.set("Lang", 0));
    assertEquals(EfiStatus.SUCCESS, stand.set("None", BS | APPEND));
    assertEquals("NOT_FOUND", stand.get("None"));
  }

  @Test
  void combinationsOfAttributesThatAreNoneAreRefused() {
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", 0x04, 1), "run time without boot services");
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", 0x05, 1));
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", 0x107, 1), "a bit that there isn't");
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", 0x8000_0007, 1));
    assertEquals(EfiStatus.UNSUPPORTED, stand.set("V", 0x17, 1), "deprecated authentication");
    assertEquals(EfiStatus.UNSUPPORTED, stand.set("V", 0x87, 1), "enhanced authentication");
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", 0x0E, 1), "an error record that is volatile");
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", 0x0F, 1), "an error record of another name");
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("", NV_BS_RT, 1), "no name");
    assertEquals(List.of(), stand.names());
  }

  @Test
  void otherAttributesThanBeforeAreRefusedAndNothingChanges() {
    stand.set("V", NV_BS_RT, 1);
    for (int attributes : new int[] {NV_BS, BS_RT, BS, 0x27, NV_BS | APPEND}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", attributes, 2), "0x" + Integer.toHexString(attributes));
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("V", BS), "a deletion, too");
    assertEquals("[1]", stand.get("V"));
  }

  @Test
  void smallBufferIsToldSizeAndAttributes() {
    stand.set("Lang", NV_BS_RT, 1, 2, 3);
    VariableAnswer answer = stand.store.getVariable(LANG, 2);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, answer.status());
    assertEquals(3, answer.size());
    assertEquals(NV_BS_RT, answer.attributes());
    assertEquals(0, answer.data().length);
    assertEquals(EfiStatus.SUCCESS, stand.store.getVariable(LANG, 3).status());
    assertEquals(EfiStatus.SUCCESS, stand.store.getVariable(LANG, 0x8000_0000_0000_0000L).status(), "sizes are unsigned");
    assertEquals(EfiStatus.NOT_FOUND, stand.store.getVariable(StoreStand.name(""), 3).status());
    assertEquals(EfiStatus.NOT_FOUND, stand.store.getVariable(new VariableName("Lang", EfiGuid.IMAGE_SECURITY_DATABASE), 3).status());
  }

  @Test
  void dataAreTheCallersAndTheStoresOwn() {
    byte[] data = {1};
    stand.store.setVariable(LANG, NV_BS_RT, data);
    data[0] = 9;
    stand.store.getVariable(LANG, 1).data()[0] = 9;
    assertEquals("[1]", stand.get("Lang"));
  }

  @Test
  void enumerationHasTheOrderOfMakingWhateverIsChanged() {
    for (String name : List.of("C", "A", "B")) {
      stand.set(name, NV_BS_RT, 1);
    }
    stand.set("C", NV_BS_RT, 2, 3);
    assertEquals(List.of("C", "A", "B"), stand.names());
    stand.set("C", 0);
    stand.set("C", NV_BS_RT, 2);
    assertEquals(List.of("A", "B", "C"), stand.names());
    stand.reset();
    assertEquals(List.of("A", "B", "C"), stand.names());
    NameAnswer small = stand.store.getNextVariableName(StoreStand.name("A"), 3);
    assertEquals(new NameAnswer(EfiStatus.BUFFER_TOO_SMALL, 4, null), small);
    assertEquals(EfiStatus.SUCCESS, stand.store.getNextVariableName(StoreStand.name("A"), 4).status());
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.store.getNextVariableName(StoreStand.name("Z"), 100).status());
    assertEquals(EfiStatus.NOT_FOUND, stand.store.getNextVariableName(StoreStand.name("C"), 100).status());
  }

  @Test
  void afterExitBootServicesOnlyRunTimeVariablesAreSeenAndOnlyNonVolatileOnesChange() {
    stand.set("Boot", NV_BS, 1);
    stand.set("Volatile", BS_RT, 1);
    stand.set("Both", NV_BS_RT, 1);
    stand.store.exitBootServices();
    assertEquals("NOT_FOUND", stand.get("Boot"));
    assertEquals("[1]", stand.get("Volatile"));
    assertEquals(List.of("Volatile", "Both"), stand.names());
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.store.getNextVariableName(StoreStand.name("Boot"), 100).status());
    assertEquals(EfiStatus.WRITE_PROTECTED, stand.set("Boot", NV_BS, 2));
    assertEquals(EfiStatus.WRITE_PROTECTED, stand.set("Boot", 0));
    assertEquals(EfiStatus.WRITE_PROTECTED, stand.set("Volatile", BS_RT, 2));
    assertEquals(EfiStatus.WRITE_PROTECTED, stand.set("Volatile", BS_RT));
    assertEquals(EfiStatus.SUCCESS, stand.set("Both", NV_BS_RT, 2));
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("New", BS_RT, 1));
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.set("New", NV_BS, 1));
    assertEquals(EfiStatus.SUCCESS, stand.set("New", NV_BS_RT, 1));
    stand.reset();
    assertEquals(List.of("Boot", "Both", "New"), stand.names(), "volatile variables are gone, and boot services are back");
    assertEquals("[2]", stand.get("Both"));
  }

  @Test
  void firmwaresOwnVariablesAreReadOnly() {
    for (String name : List.of("SetupMode", "SecureBoot", "SignatureSupport", "VendorKeys")) {
      String before = stand.get(name);
      assertEquals(EfiStatus.WRITE_PROTECTED, stand.set(name, BS_RT, 7), name);
      assertEquals(EfiStatus.WRITE_PROTECTED, stand.set(name, 0), name);
      assertEquals(before, stand.get(name));
    }
    assertEquals("[1]", stand.get("SetupMode"));
    assertEquals("[0]", stand.get("SecureBoot"));
    assertEquals(12 * 16, stand.store.getVariable(StoreStand.name("SignatureSupport"), 1000).size());
  }

  @Test
  void roomIsAsItIsToldAndComesBack() {
    StoreStand small = new StoreStand(new StorePolicy(1200, 1000, 5 * LogFrame.PAYLOAD, 0, false, false));
    SpaceAnswer empty = small.store.queryVariableInfo(NV_BS_RT);
    assertEquals(new SpaceAnswer(EfiStatus.SUCCESS, 2400, 2400, 1200), empty);
    assertEquals(EfiStatus.SUCCESS, small.store.setVariable(LANG, NV_BS_RT, new byte[1000]));
    assertEquals(new SpaceAnswer(EfiStatus.SUCCESS, 2400, 2400 - 3 * 480, 1200), small.store.queryVariableInfo(NV_BS_RT));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, small.store.setVariable(StoreStand.name("Other"), NV_BS_RT, new byte[1000]));
    assertEquals("NOT_FOUND", small.get("Other"));
    assertEquals(EfiStatus.SUCCESS, small.set("Other", NV_BS_RT, 1));
    assertEquals(EfiStatus.SUCCESS, small.store.setVariable(LANG, NV_BS_RT, new byte[1001]), "what it has had is its own");
    assertEquals(EfiStatus.INVALID_PARAMETER, small.store.setVariable(LANG, NV_BS_RT, new byte[1191]), "1201 with the name");
    assertEquals(EfiStatus.SUCCESS, small.store.setVariable(LANG, NV_BS_RT, new byte[1190]));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, small.set("Lang", NV_BS_RT | APPEND, 1), "appended it is too long");
    assertEquals(1000, small.store.queryVariableInfo(BS).maximumStorage());
    assertEquals(EfiStatus.OUT_OF_RESOURCES, small.store.setVariable(StoreStand.name("Vol"), BS, new byte[900]));
    assertEquals(EfiStatus.SUCCESS, small.store.setVariable(LANG, NV_BS_RT, new byte[0]));
    assertEquals(EfiStatus.SUCCESS, small.set("Other", NV_BS_RT));
    assertEquals(empty, small.store.queryVariableInfo(NV_BS_RT));
  }

  @Test
  void spaceIsToldForCombinationsThatThereAre() {
    for (int attributes : new int[] {0, 1, 4, 5, 0x100, 0x0E, 0x40}) {
      assertEquals(SpaceAnswer.of(EfiStatus.INVALID_PARAMETER), stand.store.queryVariableInfo(attributes),
          "0x" + Integer.toHexString(attributes));
    }
    assertEquals(EfiStatus.UNSUPPORTED, stand.store.queryVariableInfo(0x17).status());
    assertEquals(EfiStatus.UNSUPPORTED, stand.store.queryVariableInfo(0x87).status());
    assertEquals(EfiStatus.UNSUPPORTED, stand.store.queryVariableInfo(0x0F).status(), "no room for error records");
    for (int attributes : new int[] {BS, NV_BS, BS_RT, NV_BS_RT, 0x27, 0x47, 0x67}) {
      assertEquals(EfiStatus.SUCCESS, stand.store.queryVariableInfo(attributes).status(), "0x" + Integer.toHexString(attributes));
    }
    stand.store.exitBootServices();
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.store.queryVariableInfo(NV_BS).status());
    assertEquals(EfiStatus.SUCCESS, stand.store.queryVariableInfo(NV_BS_RT).status());
  }

  @Test
  void errorRecordsHaveRoomOfTheirOwn() {
    StoreStand records = new StoreStand(new StorePolicy(4096, 1000, 4 * LogFrame.PAYLOAD, LogFrame.PAYLOAD, false, false));
    VariableName first = new VariableName("HwErrRec0001", EfiGuid.HARDWARE_ERROR_VARIABLE);
    VariableName second = new VariableName("HwErrRec00AF", EfiGuid.HARDWARE_ERROR_VARIABLE);
    assertEquals(480, records.store.queryVariableInfo(0x0F).maximumStorage());
    assertEquals(3 * 480, records.store.queryVariableInfo(NV_BS_RT).maximumStorage());
    assertEquals(EfiStatus.SUCCESS, records.store.setVariable(first, 0x0F, new byte[100]));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, records.store.setVariable(second, 0x0F, new byte[100]));
    assertEquals(3 * 480, records.store.queryVariableInfo(NV_BS_RT).remainingStorage(), "ordinary variables have theirs");
    assertEquals(EfiStatus.SUCCESS, records.store.setVariable(first, 0x0F, new byte[0]));
    assertEquals(EfiStatus.SUCCESS, records.store.setVariable(second, 0x0F, new byte[100]));
    assertEquals(EfiStatus.INVALID_PARAMETER, records.store.setVariable(StoreStand.name("HwErrRec0001"), 0x0F, new byte[1]));
    assertEquals(EfiStatus.INVALID_PARAMETER,
        records.store.setVariable(new VariableName("HwErrRec001", EfiGuid.HARDWARE_ERROR_VARIABLE), 0x0F, new byte[1]));
    assertEquals(EfiStatus.INVALID_PARAMETER, records.store.setVariable(first, 0x0B, new byte[1]));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, stand.store.setVariable(first, 0x0F, new byte[1]), "without room there are none");
  }

  @Test
  void failingMediumIsToldAndNothingHasHappened() {
    stand.set("Old", NV_BS_RT, 1);
    stand.broken = true;
    assertEquals(EfiStatus.DEVICE_ERROR, stand.set("Old", NV_BS_RT, 2));
    assertEquals(EfiStatus.DEVICE_ERROR, stand.set("Old", NV_BS_RT));
    assertEquals(EfiStatus.DEVICE_ERROR, stand.set("New", NV_BS_RT, 2));
    assertEquals(CounterAnswer.of(EfiStatus.DEVICE_ERROR), stand.store.getNextHighMonotonicCount());
    assertEquals(EfiStatus.SUCCESS, stand.set("Volatile", BS_RT, 2));
    assertEquals("[1]", stand.get("Old"));
    assertEquals(List.of("Old", "Volatile"), stand.names());
    assertEquals("a non-volatile variable can't be written, the guest is told DEVICE_ERROR: the medium is broken",
        stand.reports.getFirst());
    stand.broken = false;
    stand.readOnly = true;
    assertEquals(EfiStatus.WRITE_PROTECTED, stand.set("Old", NV_BS_RT, 2));
    stand.readOnly = false;
    assertEquals(EfiStatus.SUCCESS, stand.set("Old", NV_BS_RT, 2));
  }

  @Test
  void fullStoreTakesNothingMoreButLetsGo() {
    StoreStand full = new StoreStand(new StorePolicy(4096, 1000, 4096, 0, false, true));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, full.set("V", NV_BS_RT, 1));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, full.set("V", BS, 1));
    assertEquals(0, full.store.queryVariableInfo(NV_BS_RT).remainingStorage());
    full.kept.with(StoredVariable.plain(StoreStand.name("V"), NV_BS_RT, new byte[] {1}));
    full.reset();
    assertEquals(EfiStatus.SUCCESS, full.set("V", NV_BS_RT, 2));
    assertEquals(EfiStatus.SUCCESS, full.set("V", NV_BS_RT));
  }

  @Test
  void highHalfOfTheCounterGrowsWithEveryCallAndOverResets() {
    assertEquals(new CounterAnswer(EfiStatus.SUCCESS, 2), stand.store.getNextHighMonotonicCount(), "the reset, and the call");
    assertEquals(new CounterAnswer(EfiStatus.SUCCESS, 3), stand.store.getNextHighMonotonicCount());
    stand.reset();
    assertEquals(new CounterAnswer(EfiStatus.SUCCESS, 5), stand.store.getNextHighMonotonicCount());
  }

  @Test
  void tableIsTheSameFromItsBytes() {
    stand.set("V", NV_BS_RT, 1, 2);
    stand.set("W", BS, 3);
    stand.store.getNextHighMonotonicCount();
    StoreStand other = new StoreStand();
    other.table.decode(stand.table.encode());
    assertArrayEquals(stand.table.encode(), other.table.encode());
    assertEquals("[1, 2]", other.get("V"));
    assertEquals(List.of("V", "W"), other.names());
  }

  @Test
  void bytesThatAreNoTableAreRefusedAndChangeNothing() {
    stand.set("V", NV_BS_RT, 1, 2);
    stand.set("Another", BS, 3);
    byte[] good = stand.table.encode();
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bad = i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int hits = random.nextInt(3); hits >= 0 && bad.length > 0; hits--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      StoreStand other = new StoreStand();
      byte[] before = other.table.encode();
      try {
        other.table.decode(bad);
      } catch (StateMismatch e) {
        refused++;
        assertArrayEquals(before, other.table.encode());
      }
    }
    assertTrue(refused > 1000, refused + " refused");
  }
}
