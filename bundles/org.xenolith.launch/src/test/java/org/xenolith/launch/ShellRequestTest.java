// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.kit.RequestBuilder;

class ShellRequestTest {
  private final RequestBuilder request = RequestBuilder.of("virt").shell(true);

  private String words(String guest) {
    return ShellRequest.words(guest, request.build());
  }

  @Test
  void whoAsksForAShellGetsOne() {
    assertEquals("xl.shell", words("debian"));
    assertEquals("xl.shell", words("debian-16k"));
    request.append("quiet");
    assertEquals("quiet xl.shell", words("debian"));
  }

  @Test
  void whoDoesNotGetsNone() {
    request.shell(false);
    assertEquals("", words("debian"));
  }

  @Test
  void anotherGuestIsNotToldAWordOfDebians() {
    assertEquals("", words("tiny"));
    assertEquals("", words("kernel"));
  }

  @Test
  void anInitOfTheUsersIsNotToldAWordOfOurs() {
    request.initrd(Path.of("initrd"));
    assertEquals("", words("debian"));
  }

  @Test
  void anInitThatWasToldWhatToDoIsLeftAlone() {
    request.append("xl.dump");
    assertEquals("xl.dump", words("debian"));
  }
}
