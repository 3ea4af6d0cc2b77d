// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class CpioArchiveTest {
  @Test
  void readsBackAsItWasWritten() {
    byte[] bytes = new CpioArchive().file("/bin/tool", 0755, "abcde".getBytes(StandardCharsets.UTF_8)).symbolicLink("/bin/sh", "tool")
        .characterDevice("/dev/console", 0600, 5, 1).bytes();
    Map<String, CpioEntries.Entry> entries = CpioEntries.of(bytes);
    assertEquals(List.of("/bin", "/bin/sh", "/bin/tool", "/dev", "/dev/console"), List.copyOf(entries.keySet()));
    assertEquals(0040755, entries.get("/bin").mode());
    assertEquals(0100755, entries.get("/bin/tool").mode());
    assertEquals("abcde", entries.get("/bin/tool").text());
    assertEquals(0120777, entries.get("/bin/sh").mode());
    assertEquals("tool", entries.get("/bin/sh").text());
    assertEquals(0020600, entries.get("/dev/console").mode());
    assertEquals("5:1", entries.get("/dev/console").device());
    assertEquals(0, bytes.length % 512);
  }

  @Test
  void doesNotDependOnTheOrderOfCalls() {
    byte[] one = new CpioArchive().file("/a/b", 0644, new byte[3]).file("/c", 0644, new byte[1]).bytes();
    byte[] two = new CpioArchive().file("/c", 0644, new byte[1]).file("/a/b", 0644, new byte[3]).bytes();
    assertArrayEquals(one, two);
  }

  @Test
  void putsAFolderBeforeWhatIsInIt() {
    Map<String, CpioEntries.Entry> entries = CpioEntries.of(new CpioArchive().file("/x/y/z", 0644, new byte[0]).file("/x-a", 0644,
        new byte[0]).bytes());
    List<String> order = List.copyOf(entries.keySet());
    assertEquals(-1, Integer.signum(order.indexOf("/x") - order.indexOf("/x/y")));
    assertEquals(-1, Integer.signum(order.indexOf("/x/y") - order.indexOf("/x/y/z")));
  }

  @Test
  void refusesAFileAsFolderAndTheOtherWayRound() {
    CpioArchive archive = new CpioArchive().file("/a", 0644, new byte[0]).directory("/d");
    assertThrows(IllegalArgumentException.class, () -> archive.file("/a/b", 0644, new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> archive.file("/d", 0644, new byte[0]));
  }
}
