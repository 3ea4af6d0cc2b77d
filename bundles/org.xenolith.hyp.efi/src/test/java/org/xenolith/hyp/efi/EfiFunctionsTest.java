// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.hyp.efi.EfiStand.NODE;
import static org.xenolith.hyp.efi.EfiStand.NOWHERE;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EOPNOTSUPP;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.regs.StateRecord;

/** The functions as a table: what may be in misc, who is asked, what comes back. */
class EfiFunctionsTest {
  private static final int LAST = 11;
  private static final String ZEROS = "CapsuleHeader[kind=00000000-0000-0000-0000-000000000000, headerSize=0, flags=0, imageSize=0]";
  private EfiStand stand = new EfiStand();

  private static FirmwareDescription revision(int revision, int runtime) {
    return new FirmwareDescription(revision, runtime, "Xenolith", 1, 0, 0, List.of());
  }

  /** A function whose pointers are good: a name, some room, a capsule. */
  private long good(int function, int misc) {
    stand.function(function, misc);
    long name = stand.text(stand.dom0.page(1), "N");
    byte[] header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(stand.dom0.page(2)).array();
    switch (function) {
      case 6, 7 -> {
        stand.op.getVariableName(name);
        stand.op.getVariableSize(16);
        stand.op.getVariableData(stand.dom0.page(function));
      }
      case 8 -> {
        stand.op.getNextVariableNameName(name);
        stand.op.getNextVariableNameSize(64);
      }
      case 9 -> stand.op.queryVariableInfoAttr(7);
      case 10, 11 -> {
        stand.op.updateCapsuleCapsuleHeaderArray(stand.bytes(stand.dom0.page(3), header));
        stand.op.updateCapsuleCapsuleCount(1);
      }
      default -> {
      }
    }
    return stand.call();
  }

  @Test
  void bothCommandsAreTheHardwareDomainsOnly() {
    assertEquals(List.of("efi_runtime_call HARDWARE 56", "firmware_info HARDWARE 40"),
        stand.hyp.port(PlatformOperationsPort.class).operations().stream()
            .map(o -> o.name() + " " + o.privilege() + " " + o.answerBytes()).toList());
    assertEquals(Privilege.HARDWARE, stand.hyp.port(PlatformOperationsPort.class).find(49).privilege());
  }

  @Test
  void everyFunctionAsksItsService() {
    for (int function = 1; function <= LAST; function++) {
      assertEquals(0, good(function, 0), "function " + function);
      assertEquals(0, stand.op.status());
    }
    assertEquals(List.of("getTime", "setTime false", "getWakeupTime", "setWakeupTime false false", "getNextHighMonotonicCount",
        "getVariable N-00000000-0000-0000-0000-000000000000 16",
        "setVariable N-00000000-0000-0000-0000-000000000000 0 " + "00".repeat(16),
        "getNextVariableName N-00000000-0000-0000-0000-000000000000 64", "queryVariableInfo 7",
        "queryCapsuleCapabilities [" + ZEROS + "]", "updateCapsule [" + ZEROS + "] 0"), stand.services.calls);
  }

  /** Of each function each of the 32 bits: what the public header has none for is refused before the firmware is asked. */
  @Test
  void bitsOfMiscAreAFunctionsOwn() {
    List<String> allowed = new ArrayList<>();
    for (int function = 1; function <= LAST; function++) {
      for (int bit = 0; bit < 32; bit++) {
        stand.services.calls.clear();
        long result = good(function, 1 << bit);
        if (result == 0) {
          allowed.add(function + "." + bit);
        } else {
          assertEquals(-XEN_EINVAL, result, function + "." + bit);
          assertEquals(List.of(), stand.services.calls, function + "." + bit);
          assertEquals(1 << bit, stand.op.misc(), "nothing is copied back");
        }
      }
    }
    List<String> expected = new ArrayList<>(List.of("4.0", "4.1"));
    for (int bit = 0; bit < 32; bit++) {
      expected.add("7." + bit);
    }
    expected.add("9.0");
    assertEquals(expected, allowed);
  }

  @Test
  void otherFunctionsAreUnknown() {
    for (int function : new int[] {0, LAST + 1, 64, -1, Integer.MIN_VALUE}) {
      assertEquals(-XEN_ENOSYS, good(function, 0), "function " + function);
    }
  }

  /** The hypercall tells that the firmware was called; what that answered is in status, whatever it is. */
  @Test
  void whatTheFirmwareAnswersIsInStatus() {
    for (EfiStatus status : EfiStatus.values()) {
      stand.services.status = status;
      for (int function = 1; function <= LAST; function++) {
        assertEquals(0, good(function, 0), status + " of function " + function);
        assertEquals(status.code(), stand.op.status(), status + " of function " + function);
      }
    }
    assertEquals(0x8000_0000_0000_000EL, EfiStatus.NOT_FOUND.code());
  }

  @Test
  void timesAreTheirSixteenBytes() {
    byte[] time = ScriptedServices.TIME.toBytes();
    stand.function(1, 0);
    assertEquals(0, stand.call());
    assertArrayEquals(time, stand.read(stand.dom0.page(0) + 24, 16));
    assertEquals("1 50000000 1", stand.op.getTimeResolution() + " " + stand.op.getTimeAccuracy() + " " + stand.op.misc());
    stand.services.setsToZero = false;
    stand.function(1, 0);
    stand.call();
    assertEquals(0, stand.op.misc());
    stand.function(2, 0);
    stand.bytes(stand.dom0.page(0) + 24, time);
    stand.call();
    stand.function(4, 1);
    stand.bytes(stand.dom0.page(0) + 24, time);
    stand.call();
    assertEquals(List.of("getTime", "getTime", "setTime true", "setWakeupTime true true"), stand.services.calls);
  }

  @Test
  void whatFailedLeavesTheTimeAlone() {
    stand.services.status = EfiStatus.DEVICE_ERROR;
    for (int function : new int[] {1, 3}) {
      stand.function(function, 0);
      stand.op.getTimeTime(0, 0x1122_3344_5566_7788L);
      stand.op.getTimeTime(1, -5);
      stand.op.getTimeResolution(7);
      stand.op.getTimeAccuracy(9);
      assertEquals(0, stand.call());
      assertEquals("1122334455667788 -5 7 9 0", Long.toHexString(stand.op.getTimeTime(0)) + " " + stand.op.getTimeTime(1) + " "
          + stand.op.getTimeResolution() + " " + stand.op.getTimeAccuracy() + " " + stand.op.misc());
    }
  }

  @Test
  void theAlarmIsToldByTwoBitsAndSetByTwo() {
    List<Integer> told = new ArrayList<>();
    for (int state = 0; state < 4; state++) {
      stand.services.enabled = (state & 1) != 0;
      stand.services.pending = (state & 2) != 0;
      stand.function(3, 0);
      assertEquals(0, stand.call());
      told.add(stand.op.misc());
      assertArrayEquals(ScriptedServices.TIME.toBytes(), stand.read(stand.dom0.page(0) + 24, 16));
    }
    assertEquals(List.of(0, 1, 2, 3), told);
    stand.services.calls.clear();
    for (int misc = 0; misc < 4; misc++) {
      stand.function(4, misc);
      assertEquals(0, stand.call());
      assertEquals(0, stand.op.misc(), "no bit comes back");
    }
    assertEquals(List.of("setWakeupTime false false", "setWakeupTime true false", "setWakeupTime false none", "setWakeupTime true none"),
        stand.services.calls);
  }

  @Test
  void theCounterIsInMisc() {
    stand.function(5, 0);
    assertEquals(0, stand.call());
    assertEquals(0xFEDC_BA98, stand.op.misc());
    stand.services.status = EfiStatus.DEVICE_ERROR;
    stand.function(5, 0);
    assertEquals(0, stand.call());
    assertEquals(0, stand.op.misc());
  }

  @Test
  void aPlatformWithoutEfiHasNoneOfIt() {
    for (EfiStand without : List.of(new EfiStand(null), new EfiStand(NODE, "strict-xen", "true"))) {
      stand = without;
      for (int function = 0; function <= LAST; function++) {
        assertEquals(-XEN_ENOSYS, good(function, 0), "function " + function);
      }
      assertEquals(List.of(), stand.services.calls);
    }
  }

  @Test
  void runtimeServicesThatMayNotBeCalledAreNotSupported() {
    stand = new EfiStand(NODE, "efi-runtime-services", "false");
    assertEquals(-XEN_EOPNOTSUPP, good(1, 0));
    assertEquals(-XEN_EOPNOTSUPP, good(1, 1), "before misc is looked at, as in Xen");
    stand = new EfiStand();
    stand.describe(revision(2 << 16 | 100, 0));
    assertEquals(-XEN_EOPNOTSUPP, good(1, 0));
    assertEquals(List.of(), stand.services.calls);
  }

  @Test
  void firmwareBeforeVersion2HasNeitherRoomToTellOfNorCapsules() {
    stand.describe(revision(2 << 16 | 100, 1 << 16 | 10));
    List<Integer> unsupported = new ArrayList<>();
    for (int function = 1; function <= LAST; function++) {
      long result = good(function, 0);
      if (result != 0) {
        assertEquals(-XEN_EOPNOTSUPP, result);
        unsupported.add(function);
      }
    }
    assertEquals(List.of(9, 10, 11), unsupported);
    assertEquals(-XEN_EINVAL, good(10, 1), "misc comes first");
    assertEquals(0, good(9, 1), "what was known at boot is known");
    stand.describe(revision(2 << 16, 2 << 16));
    assertEquals(0, good(11, 0));
  }

  @Test
  void capsulesAreNamedByAnArrayOfAddresses() {
    ByteBuffer header = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0x04030201).putShort((short) 0x0605).putShort((short) 0x0807).putLong(0x100F_0E0D_0C0B_0A09L).putInt(28).putInt(0x50000)
        .putInt(4096);
    long first = stand.bytes(stand.dom0.page(3) + 4096 - 14, header.array());
    ByteBuffer array = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(first).putLong(first);
    long addresses = stand.bytes(stand.dom0.page(5), array.array());
    stand.function(10, 0);
    stand.op.queryCapsuleCapabilitiesCapsuleHeaderArray(addresses);
    stand.op.queryCapsuleCapabilitiesCapsuleCount(2);
    assertEquals(0, stand.call());
    assertEquals("123456789a 1", Long.toHexString(stand.op.queryCapsuleCapabilitiesMaxCapsuleSize()) + " "
        + stand.op.queryCapsuleCapabilitiesResetType());
    stand.function(11, 0);
    stand.op.updateCapsuleCapsuleHeaderArray(addresses);
    stand.op.updateCapsuleCapsuleCount(1);
    stand.op.updateCapsuleSgList(0x8765_4321_0000L);
    assertEquals(0, stand.call());
    String one = "CapsuleHeader[kind=04030201-0605-0807-090a-0b0c0d0e0f10, headerSize=28, flags=327680, imageSize=4096]";
    assertEquals(List.of("queryCapsuleCapabilities [" + one + ", " + one + "]", "updateCapsule [" + one + "] 876543210000"),
        stand.services.calls);
  }

  @Test
  void noCapsuleIsAnInvalidParameter() {
    for (int function : new int[] {10, 11}) {
      stand.function(function, 0);
      stand.op.updateCapsuleCapsuleHeaderArray(NOWHERE);
      assertEquals("8000000000000002", stand.answer(stand.call()));
    }
    assertEquals(List.of(), stand.services.calls);
  }

  @Test
  void capsulesThatCannotBeReadAreAFault() {
    stand.services.calls.clear();
    for (int function : new int[] {10, 11}) {
      stand.function(function, 0);
      stand.op.updateCapsuleCapsuleHeaderArray(NOWHERE);
      stand.op.updateCapsuleCapsuleCount(1);
      assertEquals(-14, stand.call());
      stand.op.updateCapsuleCapsuleHeaderArray(stand.bytes(stand.dom0.page(5), new byte[] {0x10, 0, 0, 0, 0, 0, 0, 0}));
      assertEquals(-14, stand.call(), "the header that the array names");
      for (long count : new long[] {1025, 1L << 32, 1L << 61, -1}) {
        stand.op.updateCapsuleCapsuleCount(count);
        assertEquals(-12, stand.call(), "count " + count);
      }
    }
    assertEquals(List.of(), stand.services.calls);
  }

  /** Between the firmware's old version and its new one every call is answered, by the port. */
  @Test
  void firmwareThatIsReplacedIsNotReadyMeanwhile() {
    assertEquals("0", stand.answer(good(1, 0)));
    stand.runtimePort().detach(stand.services);
    List<String> meanwhile = new ArrayList<>();
    for (int function = 1; function <= LAST; function++) {
      meanwhile.add(function + " " + stand.answer(good(function, 0)));
    }
    String notReady = " 8000000000000006";
    String unsupported = " 8000000000000003";
    assertEquals(List.of(1 + notReady, 2 + notReady, 3 + notReady, 4 + notReady, 5 + notReady, 6 + notReady, 7 + notReady, 8 + notReady,
        9 + notReady, 10 + unsupported, 11 + unsupported), meanwhile);
    ScriptedServices newer = new ScriptedServices();
    stand.runtimePort().attach(newer, stand.hyp.context("efi"));
    assertEquals("0", stand.answer(good(1, 0)));
    assertEquals(List.of("getTime"), newer.calls);
  }

  @Test
  void whoIsRemovedTakesBothCommandsAlong() {
    assertEquals(0, good(1, 0));
    StateRecord record = stand.hyp.remove("efi");
    assertEquals(-XEN_ENOSYS, good(1, 0));
    assertEquals(-XEN_ENOSYS, stand.index(6).ask());
    stand.hyp.bringBack("efi", new EfiCallsComponent(), record);
    assertEquals(0, good(1, 0));
    assertEquals(0, good(9, 1));
    assertEquals(List.of("getTime", "getTime"), stand.services.calls, "the room at boot is in the record");
  }
}
