// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class ConsolesPortTest {
  private final ConsolesPort consoles = new ConsolesPort();
  private final Map<Integer, String> names = new TreeMap<>();
  private final StringBuilder shown = new StringBuilder();
  private final IntConsumer sink = b -> shown.append((char) b);

  ConsolesPortTest() {
    consoles.names(id -> names.getOrDefault(id, ""));
  }

  private void write(int domid, String text) {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      consoles.write(domid, b);
    }
  }

  @Test
  void followerOfANameSeesEachDomainThatHasIt() {
    consoles.follow("guest", sink);
    names.put(2, "guest");
    names.put(3, "other");
    write(2, "first ");
    write(3, "nothing ");
    consoles.clear(2);
    names.remove(2);
    names.put(4, "guest");
    write(4, "second");
    assertEquals("first second", shown.toString());
  }

  @Test
  void followerSeesADomainWhoseDomidSomebodyHadConnectedBefore() {
    StringBuilder earlier = new StringBuilder();
    consoles.connect(2, b -> earlier.append((char) b));
    consoles.follow("guest", sink);
    names.put(2, "guest");
    consoles.input(2, (bytes, offset, length) -> length);
    write(2, "both");
    assertEquals("both", shown.toString());
    assertEquals("both", earlier.toString());
  }

  @Test
  void domidIsANameToo() {
    consoles.follow("7", sink);
    write(7, "a");
    consoles.unfollow(sink);
    write(7, "b");
    assertEquals("a", shown.toString());
    assertEquals("ab", new String(consoles.kept(7), StandardCharsets.ISO_8859_1));
  }

  @Test
  void consoleIsOpenWhileItsDomainTakesInput() {
    names.put(2, "guest");
    write(2, "x");
    assertFalse(consoles.open("guest"));
    consoles.input(2, (bytes, offset, length) -> length);
    assertTrue(consoles.open("guest"));
    assertTrue(consoles.open("2"));
    consoles.clear(2);
    assertFalse(consoles.open("guest"));
  }
}
