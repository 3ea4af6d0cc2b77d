// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.terminal.TerminalKeys.Key;

/** TerminalKeys that a terminal sends. */
class TerminalKeysTest {
  private static Key key(String text, boolean last) {
    return TerminalKeys.first(text.getBytes(StandardCharsets.UTF_8), last);
  }

  @Test
  void charactersAndSequencesAreKeys() {
    assertEquals(new Key(0, 'a', 1), key("ab", false));
    assertEquals(new Key(0, '\r', 1), key("\r", false));
    assertEquals(new Key(0, 8, 1), key("\u007f", false));
    assertEquals(new Key(1, 0, 3), key("\033[A", false));
    assertEquals(new Key(9, 0, 4), key("\033[5~x", false));
    assertEquals(new Key(22, 0, 5), key("\033[24~", false));
    assertEquals(new Key(11, 0, 3), key("\033OP", false));
    assertEquals(new Key(0, 0xE4, 2), key("ä", false));
    assertEquals(new Key(0, 0x20AC, 3), key("€", false));
  }

  @Test
  void whatIsNotWholeIsWaitedFor() {
    assertEquals(TerminalKeys.NONE, key("", true));
    for (String begun : new String[] {"\033", "\033[", "\033[2", "\033[24"}) {
      assertEquals(TerminalKeys.NONE, key(begun, false));
      assertEquals(new Key(0x17, 0, 1), key(begun, true));
    }
    assertEquals(new Key(0x17, 0, 1), key("\033x", false));
    assertEquals(TerminalKeys.NONE, TerminalKeys.first(new byte[] {(byte) 0xE2, (byte) 0x82}, false));
    assertEquals(new Key(0, '?', 2), TerminalKeys.first(new byte[] {(byte) 0xE2, (byte) 0x82}, true));
  }

  @Test
  void everyKeyTakesBytes() {
    Random random = new Random(9);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(15)];
      random.nextBytes(bytes);
      Key key = TerminalKeys.first(bytes, true);
      assertEquals(true, key.bytes() > 0 && key.bytes() <= bytes.length, () -> java.util.HexFormat.of().formatHex(bytes));
    }
  }
}
