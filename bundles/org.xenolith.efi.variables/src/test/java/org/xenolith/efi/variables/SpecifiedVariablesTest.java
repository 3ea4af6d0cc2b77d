// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.VariableName;

/** Which variables may be made of vendors that the specification is. */
class SpecifiedVariablesTest {
  private static final int ERROR_RECORD = 0xF;

  private final StoreStand stand = new StoreStand(new StorePolicy(32 << 10, 1 << 20, 1 << 20, 1 << 16, false, false));

  private EfiStatus set(EfiGuid vendor, String name, int attributes, int... bytes) {
    return stand.store.setVariable(new VariableName(name, vendor), attributes, StoreStand.bytes(bytes));
  }

  private EfiStatus global(String name, int attributes, int... bytes) {
    return set(EfiGuid.GLOBAL_VARIABLE, name, attributes, bytes);
  }

  @Test
  void thoseOfTheTableAreMadeWithTheirAttributes() {
    for (String kept : List.of("BootNext", "BootOrder", "Boot0000", "BootFFFF", "Driver00A0", "SysPrep0001", "Key0001", "Lang", "Timeout",
        "ConIn", "OsIndications")) {
      assertEquals(EfiStatus.INVALID_PARAMETER, global(kept, StoreStand.BS_RT, 1), kept);
      assertEquals(EfiStatus.INVALID_PARAMETER, global(kept, StoreStand.NV_BS, 1), kept);
      assertEquals(EfiStatus.SUCCESS, global(kept, StoreStand.NV_BS_RT, 1), kept);
      assertEquals(EfiStatus.SUCCESS, global(kept, StoreStand.NV_BS_RT | StoreStand.APPEND, 2), kept);
    }
    for (String shown : List.of("BootCurrent", "ConInDev", "LangCodes", "PlatformRecovery0000")) {
      assertEquals(EfiStatus.INVALID_PARAMETER, global(shown, StoreStand.NV_BS_RT, 1), shown);
      assertEquals(EfiStatus.SUCCESS, global(shown, StoreStand.BS_RT, 1), shown);
    }
  }

  @Test
  void othersAreNotMade() {
    for (String other : List.of("A", "boot0000", "Boot", "Boot000", "Boot00000", "Boot00a0", "Key", "SysPrep", "LANG", "HwErrRec0001",
        "db")) {
      assertEquals(EfiStatus.INVALID_PARAMETER, global(other, StoreStand.NV_BS_RT, 1), other);
      assertEquals(EfiStatus.INVALID_PARAMETER, global(other, StoreStand.BS_RT | StoreStand.APPEND, 1), other);
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, set(EfiGuid.IMAGE_SECURITY_DATABASE, "A", StoreStand.NV_BS_RT, 1));
    assertEquals(List.of(), stand.names());
  }

  @Test
  void errorRecordsHaveAVendorOfTheirOwn() {
    assertEquals(EfiStatus.INVALID_PARAMETER, set(EfiGuid.HARDWARE_ERROR_VARIABLE, "HwErrRec0001", StoreStand.NV_BS_RT, 1));
    assertEquals(EfiStatus.INVALID_PARAMETER, set(EfiGuid.HARDWARE_ERROR_VARIABLE, "HwErrRec", ERROR_RECORD, 1));
    assertEquals(EfiStatus.SUCCESS, set(EfiGuid.HARDWARE_ERROR_VARIABLE, "HwErrRec0001", ERROR_RECORD, 1));
  }

  /** There is nothing to delete; that is no wrong name. */
  @Test
  void whatIsNotThereIsNotFound() {
    assertEquals(EfiStatus.NOT_FOUND, global("A", StoreStand.NV_BS_RT));
    assertEquals(EfiStatus.NOT_FOUND, global("A", 0, 1));
    assertEquals(EfiStatus.SUCCESS, global("A", StoreStand.NV_BS_RT | StoreStand.APPEND), "nothing is appended");
  }

  /** A disk may have them of earlier firmware: they can be read, changed and deleted. */
  @Test
  void onesThatAreThereStayUsable() {
    stand.kept.with(StoredVariable.plain(VariableName.global("Old"), StoreStand.NV_BS_RT, new byte[] {1}));
    stand.reset();
    assertEquals(EfiStatus.SUCCESS, global("Old", StoreStand.NV_BS_RT, 2));
    assertEquals("[2]", stand.get(VariableName.global("Old")));
    assertEquals(EfiStatus.SUCCESS, global("Old", 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, global("Old", StoreStand.NV_BS_RT, 2));
  }
}
