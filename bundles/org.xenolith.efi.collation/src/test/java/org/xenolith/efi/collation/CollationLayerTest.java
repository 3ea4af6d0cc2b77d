// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.collation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** Comparing, matching and changing texts, by the functions that a guest calls. */
class CollationLayerTest {
  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private long collation;

  @BeforeEach
  void begin() {
    new CollationLayer().begin(firmware);
    long handle = firmware.handles().handles(Protocol.UNICODE_COLLATION2).getFirst();
    collation = firmware.handles().find(handle, Protocol.UNICODE_COLLATION2);
  }

  private long text(String text) {
    long at = firmware.room(2 * text.length() + 2);
    firmware.memory().write(at, (text + '\0').getBytes(StandardCharsets.UTF_16LE));
    return at;
  }

  private long call(int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = collation;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return firmware.call(firmware.memory().get64(collation + 8L * function), all);
  }

  private boolean matches(String text, String pattern) {
    return call(1, text(text), text(pattern)) == 1;
  }

  @Test
  void caseMakesNoDifference() {
    assertEquals(0, call(0, text("fs0:\\Öl.TXT"), text("FS0:\\öL.txt")));
    assertTrue(call(0, text("a"), text("B")) < 0);
    assertTrue(call(0, text("ab"), text("A")) > 0);
    assertEquals("en", new String(firmware.memory().read(firmware.memory().get64(collation + 48), 2), StandardCharsets.US_ASCII));
  }

  /** What Shells up to 2016 look for before they do anything. */
  @Test
  void theProtocolOfEarlierSpecificationsIsThereToo() {
    List<Long> handles = firmware.handles().handles(EfiGuid.of("1d85cd7f-f43d-11d2-9a0c-0090273fc14d"));
    assertEquals(firmware.handles().handles(Protocol.UNICODE_COLLATION2), handles);
    collation = firmware.handles().find(handles.getFirst(), EfiGuid.of("1d85cd7f-f43d-11d2-9a0c-0090273fc14d"));
    assertEquals("eng\0", new String(firmware.memory().read(firmware.memory().get64(collation + 48), 4), StandardCharsets.US_ASCII));
    assertEquals(0, call(0, text("Startup.NSH"), text("startup.nsh")));
    assertTrue(matches("startup.nsh", "*.NSH"));
  }

  @Test
  void patternsMeanWhatTheSpecificationSays() {
    assertTrue(matches("startup.nsh", "*.NSH"));
    assertTrue(matches("FS1:", "fs?:"));
    assertTrue(matches("b", "[a-c]"));
    assertTrue(matches("", "*"));
    assertTrue(matches("aXbXc", "a*b*c"));
    assertEquals(List.of(false, false, false, false), List.of(matches("startup.efi", "*.nsh"), matches("ab", "?"), matches("d", "[a-c]"),
        matches("a", "[a")));
  }

  /** What would take for ever if each star were tried at each place. */
  @Test
  void aPatternOfStarsEnds() {
    assertEquals(false, matches("a".repeat(2000), "*a".repeat(1000) + "b"));
    assertEquals(false, matches("a".repeat(60_000), "*" + "a".repeat(30_000) + "b"));
    assertEquals(false, matches("a".repeat(60_000), "*" + "[".repeat(60_000)));
    assertEquals(false, matches("a".repeat(60_000), "*[" + "b".repeat(60_000) + "]"));
  }

  @Test
  void textsChangeTheirCaseInPlace() {
    long at = text("Shell éß×");
    call(3, at);
    assertEquals("SHELL Éß×", firmware.memory().text(at, 20));
    call(2, at);
    assertEquals("shell éß×", firmware.memory().text(at, 20));
  }

  @Test
  void shortNamesOfFatComeAndGo() {
    long to = firmware.room(64);
    assertEquals(0, call(5, text("read me.txt"), 11, to));
    assertArrayEquals("READMETXT\0\0".getBytes(StandardCharsets.US_ASCII), firmware.memory()
        .read(to, 11));
    assertEquals(1, call(5, text("a+b"), 3, to), "a plus has no place there");
    assertEquals("A_B", new String(firmware.memory().read(to, 3), StandardCharsets.US_ASCII));
    call(4, 3, to, to + 32);
    assertEquals("A_B", firmware.memory().text(to + 32, 8));
  }

  @Test
  void whatIsNoneOfItsInterfacesIsAnError() {
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), firmware.call(firmware.memory().get64(collation), collation + 16, text("a"), text(
        "a")));
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), call(0, 8, text("a")), "no memory there");
  }
}
