// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.dap.DapFrames.BadFrame;

class DapFramesTest {
  private final DapFrames frames = new DapFrames();

  private List<String> take(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return frames.take(bytes, bytes.length);
  }

  @Test
  void messagesAreFoundHoweverTheirBytesCome() {
    String both = "Content-Length: 2\r\n\r\n{}content-type: json\r\nContent-Length:3\r\n\r\n[1]";
    assertEquals(List.of("{}", "[1]"), take(both));
    List<String> found = new ArrayList<>();
    both.chars().forEach(each -> found.addAll(take(Character.toString(each))));
    assertEquals(List.of("{}", "[1]"), found);
  }

  @Test
  void aLengthIsOfBytesAndMayBeNone() {
    assertEquals(List.of("\u00fc"), take("Content-Length: 2\r\n\r\n\u00fc"));
    assertEquals(List.of(), take("Content-Length: 0\r\n\r"));
    assertEquals(List.of(""), take("\n"));
  }

  @Test
  void whatIsNoHeaderOrAnnouncesTooMuchIsRefused() {
    for (String bad : List.of("GET / HTTP/1.1\r\n\r\n", "Content-Length: -1\r\n\r\n", "\r\n\r\n", "\u0001", "x".repeat(5000))) {
      assertThrows(BadFrame.class, () -> new DapFrames().take(bad.getBytes(StandardCharsets.UTF_8), bad.length()), bad);
    }
    assertTrue(assertThrows(BadFrame.class, () -> take("Content-Length: 4194305\r\n\r\n")).getMessage().contains("4194304 are the most"));
  }
}
