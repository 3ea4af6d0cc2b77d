// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.hyp.efi.EfiStand.NOWHERE;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_EIO;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.hyp.api.PageType;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Names, data and sizes of variables in Dom0's memory, good and bad. */
class VariableCallsTest {
  private static final EfiGuid GLOBAL = EfiGuid.GLOBAL_VARIABLE;
  private final EfiStand stand = new EfiStand();
  private final long name = stand.dom0.page(1) + 4090; // into the next page
  private final long data = stand.dom0.page(4) + 4094;
  /** The first byte behind all that Dom0 has. */
  private final long end = stand.dom0.page(FakeHypervisor.PAGES - 1) + 4096;

  private long get(long nameAt, long size, long dataAt) {
    stand.function(6, 0);
    stand.op.getVariableName(nameAt);
    stand.op.getVariableSize(size);
    stand.op.getVariableData(dataAt);
    stand.bytes(stand.dom0.page(0) + 48, GLOBAL.toBytes());
    return stand.call();
  }

  private long set(int attributes, long nameAt, long size, long dataAt) {
    stand.function(7, attributes);
    stand.op.setVariableName(nameAt);
    stand.op.setVariableSize(size);
    stand.op.setVariableData(dataAt);
    stand.bytes(stand.dom0.page(0) + 48, GLOBAL.toBytes());
    return stand.call();
  }

  private long next(long nameAt, long size) {
    stand.function(8, 0);
    stand.op.getNextVariableNameName(nameAt);
    stand.op.getNextVariableNameSize(size);
    stand.bytes(stand.dom0.page(0) + 40, GLOBAL.toBytes());
    return stand.call();
  }

  private long query(int misc, int attributes) {
    stand.function(9, misc);
    stand.op.queryVariableInfoAttr(attributes);
    return stand.call();
  }

  private String space() {
    return stand.op.queryVariableInfoMaxStoreSize() + " " + stand.op.queryVariableInfoRemainStoreSize() + " "
        + stand.op.queryVariableInfoMaxSize();
  }

  @Test
  void aVariableIsReadWithSizeAndAttributes() {
    stand.text(name, "Boot0001");
    stand.bytes(data, new byte[8]);
    assertEquals(0, get(name, 5, data));
    assertEquals("0 3 27", stand.op.status() + " " + stand.op.getVariableSize() + " " + Integer.toHexString(stand.op.misc()));
    assertEquals("0102030000", HexFormat.of().formatHex(stand.read(data, 5)));
    assertEquals(List.of("getVariable Boot0001-" + GLOBAL + " 5"), stand.services.calls);
    assertArrayEquals(GLOBAL.toBytes(), stand.read(stand.dom0.page(0) + 48, 16), "what went in");
  }

  @Test
  void aBufferThatIsTooSmallIsToldItsSizeAndLeftAlone() {
    stand.text(name, "V");
    stand.bytes(data, new byte[8]);
    stand.services.status = EfiStatus.BUFFER_TOO_SMALL;
    assertEquals(0, get(name, 2, data));
    assertEquals("8000000000000005 3 27",
        Long.toHexString(stand.op.status()) + " " + stand.op.getVariableSize() + " " + Integer.toHexString(stand.op.misc()));
    assertEquals("0000", HexFormat.of().formatHex(stand.read(data, 2)));
    assertEquals(0, get(name, 0, 0), "no buffer at all: the size is asked for");
    assertEquals(3, stand.op.getVariableSize());
    stand.services.status = EfiStatus.NOT_FOUND;
    assertEquals(0, get(name, 2, data));
    assertEquals("2 0", stand.op.getVariableSize() + " " + stand.op.misc(), "nothing was found that has a size");
  }

  /** Only what a variable has is copied, so that any size will do. */
  @Test
  void theSizeOfACallersBufferAllocatesNothing() {
    stand.text(name, "V");
    for (long size : new long[] {1L << 20, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      assertEquals(0, get(name, size, data), "size " + size);
      assertEquals(3, stand.op.getVariableSize());
    }
    assertEquals("getVariable V-" + GLOBAL + " 18446744073709551615", stand.services.calls.getLast());
  }

  @Test
  void dataThatCannotBeWrittenAreAFault() {
    stand.text(name, "V");
    for (long at : new long[] {0, NOWHERE, end, end - 2}) {
      assertEquals(-XEN_EFAULT, get(name, 3, at), Long.toHexString(at));
      assertEquals("0 3", stand.op.misc() + " " + stand.op.getVariableSize(), "nothing is copied back");
    }
    stand.services.data = new byte[0];
    assertEquals(0, get(name, 3, NOWHERE), "nothing is written");
  }

  @Test
  void aVariableIsWrittenWithItsAttributes() {
    stand.text(name, "V");
    stand.bytes(data, (byte) 9, (byte) 8, (byte) 7);
    assertEquals(0, set(0x47, name, 3, data));
    assertEquals(0x47, stand.op.misc(), "as they went in");
    assertEquals(0, set(-1, name, 0, NOWHERE), "a deletion reads nothing");
    assertEquals(List.of("setVariable V-" + GLOBAL + " 47 090807", "setVariable V-" + GLOBAL + " ffffffff "), stand.services.calls);
  }

  @Test
  void dataThatCannotBeReadAreAFaultAndTooManyAreNoMemory() {
    stand.text(name, "V");
    assertEquals(-XEN_EFAULT, set(7, name, 1, 0));
    assertEquals(-XEN_EFAULT, set(7, name, 3, end - 2));
    assertEquals(-XEN_EFAULT, set(7, name, 1 << 20, data), "as much as anybody may give, and more than there is");
    for (long size : new long[] {(1 << 20) + 1, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      assertEquals(-XEN_ENOMEM, set(7, name, size, data), "size " + size);
    }
    assertEquals(List.of(), stand.services.calls);
  }

  @Test
  void namesGoToTheirNulAndNoFurther() {
    for (long at : new long[] {end - 4, end - 4096, name, name - 1}) {
      stand.text(at, "V");
      assertEquals(0, get(at, 3, data), Long.toHexString(at));
      assertEquals("getVariable V-" + GLOBAL + " 3", stand.services.calls.getLast());
    }
    byte[] dirt = new byte[32];
    Arrays.fill(dirt, (byte) 'A');
    long odd = stand.dom0.page(2) - 3;
    stand.bytes(odd, dirt);
    stand.text(odd, "V");
    assertEquals(0, get(odd, 3, data), "the NUL is half in the next page");
    assertEquals("getVariable V-" + GLOBAL + " 3", stand.services.calls.getLast());
    String zeros = "VA\u0100" + "\u4141".repeat(3000);
    stand.text(odd, zeros);
    assertEquals(0, get(odd, 3, data), "two zeros that are no character, and a NUL a page later");
    assertEquals("getVariable " + zeros + "-" + GLOBAL + " 3", stand.services.calls.getLast());
    stand.text(name, "");
    assertEquals(0, get(name, 3, data), "the firmware judges an empty name");
    String strange = "\u0001\uD800\u00FF\uFFFF\u0100 /";
    stand.text(name, strange);
    assertEquals(0, get(name, 3, data));
    assertEquals("getVariable " + new VariableName(strange, GLOBAL) + " 3", stand.services.calls.getLast());
  }

  @Test
  void aNameWithoutNulIsAnErrorOfInputOrAFault() {
    byte[] letters = new byte[128 << 10];
    Arrays.fill(letters, (byte) 'A');
    long from = stand.dom0.page(8) + 1;
    stand.bytes(from, letters);
    assertEquals(-XEN_EIO, get(from, 3, data), "128 KiB, though there is a NUL behind them");
    assertEquals(-XEN_EIO, set(7, from, 3, data));
    stand.bytes(end - 4096, Arrays.copyOf(letters, 4096));
    for (long at : new long[] {end - 4096, end - 2, end - 1, end, 0, NOWHERE, -2}) {
      assertEquals(-XEN_EFAULT, get(at, 3, data), Long.toHexString(at));
      assertEquals(-XEN_EFAULT, set(7, at, 3, data), Long.toHexString(at));
    }
    assertEquals(List.of(), stand.services.calls);
    stand.text(from + 2, "A".repeat(65533));
    stand.bytes(from, (byte) 'A', (byte) 0);
    assertEquals(0, get(from, 3, data), "65535 characters and the NUL");
  }

  @Test
  void theNextNameTakesThePlaceOfTheLastOne() {
    stand.text(name, "Old");
    stand.bytes(name + 8, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6);
    assertEquals(0, next(name, 14));
    assertEquals("0 10", stand.op.status() + " " + stand.op.getNextVariableNameSize());
    assertEquals("4e006500780074000000" + "03040506", HexFormat.of().formatHex(stand.read(name, 14)), "the rest of the buffer as it was");
    assertArrayEquals(ScriptedServices.NEXT.vendor().toBytes(), stand.read(stand.dom0.page(0) + 40, 16));
    assertEquals(List.of("getNextVariableName Old-" + GLOBAL + " 14"), stand.services.calls);
  }

  @Test
  void aBufferThatIsTooSmallForTheNextNameIsLeftAlone() {
    stand.text(name, "Old");
    stand.services.status = EfiStatus.BUFFER_TOO_SMALL;
    assertEquals(0, next(name, 8));
    assertEquals("8000000000000005 10", Long.toHexString(stand.op.status()) + " " + stand.op.getNextVariableNameSize());
    assertEquals("4f006c0064000000", HexFormat.of().formatHex(stand.read(name, 8)));
    assertArrayEquals(GLOBAL.toBytes(), stand.read(stand.dom0.page(0) + 40, 16));
    stand.services.status = EfiStatus.NOT_FOUND;
    assertEquals(0, next(name, 8));
    assertEquals("800000000000000e 8", Long.toHexString(stand.op.status()) + " " + stand.op.getNextVariableNameSize());
  }

  /** The buffer is the whole of what may be the name: without a NUL in it the parameter is invalid, as the firmware would say. */
  @Test
  void aBufferWithoutNulIsAnInvalidParameter() {
    stand.text(name, "Old");
    for (int size : new int[] {0, 1, 2, 6, 7}) {
      assertEquals("8000000000000002", stand.answer(next(name, size)), "size " + size);
      assertEquals(size, stand.op.getNextVariableNameSize());
    }
    assertEquals(List.of(), stand.services.calls);
    assertEquals(0, next(name, 9), "an odd size has a byte too many");
  }

  /** Xen copies the whole buffer back, the part behind the name, too. */
  @Test
  void aBufferThatCanOnlyBeReadIsAFault() {
    long gfn = stand.dom0.gfn() + 2;
    long mfn = stand.hyp.p2m().translate(stand.dom0, gfn << 12, true) >>> 12;
    stand.text(stand.dom0.page(2) - 12, "Old");
    stand.hyp.p2m().map(stand.dom0, gfn, mfn, 1, PageType.RAM_READ_ONLY);
    assertEquals(0, next(stand.dom0.page(2) - 12, 12));
    assertEquals(-XEN_EFAULT, next(stand.dom0.page(2) - 12, 13));
  }

  @Test
  void aBufferForANameThatIsBad() {
    assertEquals(-XEN_EFAULT, next(0, 8));
    stand.text(end - 8, "Old");
    stand.services.next = VariableName.global("New");
    assertEquals("0", stand.answer(next(end - 8, 8)));
    assertEquals(-XEN_EFAULT, next(end - 8, 9), "all of it must be there, as in Xen");
    for (long size : new long[] {(1 << 20) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      assertEquals(-XEN_ENOMEM, next(name, size), "size " + size);
    }
  }

  /** What a provider must not do: its data would go over what the caller has behind the buffer. */
  @Test
  void moreThanTheCallersBufferIsADeviceError() {
    stand.text(name, "Old");
    stand.bytes(data, new byte[8]);
    stand.services.data = new byte[] {1, 2, 3, 4};
    assertEquals("8000000000000007", stand.answer(get(name, 3, data)));
    assertEquals("00000000", HexFormat.of().formatHex(stand.read(data, 4)));
    assertEquals("8000000000000007", stand.answer(next(name, 8)));
    assertEquals("4f006c0064000000", HexFormat.of().formatHex(stand.read(name, 8)));
  }

  @Test
  void roomIsToldAndZeroIfItIsNot() {
    assertEquals(0, query(0, 0x25));
    assertEquals("65536 32768 16384", space());
    stand.services.status = EfiStatus.UNSUPPORTED;
    assertEquals(0, query(0, 0x25));
    assertEquals("8000000000000003 0 0 0", Long.toHexString(stand.op.status()) + " " + space());
    assertEquals(List.of("queryVariableInfo 25", "queryVariableInfo 25"), stand.services.calls);
  }

  @Test
  void theSnapshotOfTheBootIsOfOrdinaryVariablesOnly() {
    stand.services.space = new SpaceAnswer(EfiStatus.SUCCESS, 1, 2, 3);
    for (int attributes : new int[] {7, 0x47}) {
      assertEquals(0, query(1, attributes));
      assertEquals("65536 32768 16384", space(), "what it was when Dom0 was built");
    }
    for (int attributes = 0; attributes < 256; attributes++) {
      if ((attributes & ~0x40) != 7) {
        assertEquals(-XEN_EINVAL, query(1, attributes), Integer.toHexString(attributes));
      }
    }
    assertEquals(-XEN_EINVAL, query(1, 7 | 1 << 31));
    assertEquals(List.of(), stand.services.calls, "the firmware isn't asked again");
  }

  @Test
  void theSnapshotOutlivesTheBundleAndAFailureIsRemembered() {
    stand.hyp.replace("efi", new EfiCallsComponent());
    stand.services.space = new SpaceAnswer(EfiStatus.SUCCESS, 1, 2, 3);
    assertEquals(0, query(1, 7));
    assertEquals("65536 32768 16384", space());
    EfiStand failing = new EfiStand();
    failing.services.status = EfiStatus.DEVICE_ERROR;
    failing.build();
    failing.services.status = EfiStatus.SUCCESS;
    failing.function(9, 1);
    failing.op.queryVariableInfoAttr(7);
    assertEquals("8000000000000007", failing.answer(failing.call()));
    assertEquals(List.of(), failing.services.calls);
  }

  @Test
  void firmwareThatWasNotReadyAtBootIsAskedLater() {
    EfiStand late = new EfiStand();
    late.hyp.remove("efi");
    late.hyp.install("efi", new EfiCallsComponent());
    late.runtimePort().detach(late.services);
    late.build();
    late.function(9, 1);
    late.op.queryVariableInfoAttr(7);
    assertEquals("8000000000000006", late.answer(late.call()));
    late.runtimePort().attach(late.services, late.hyp.context("efi"));
    assertEquals("0", late.answer(late.call()));
    assertEquals(65536, late.op.queryVariableInfoMaxStoreSize());
  }
}
