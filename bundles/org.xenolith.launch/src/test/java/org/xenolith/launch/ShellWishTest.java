package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.api.LaunchRequest;

class ShellWishTest {
  private final LaunchRequest.Builder wish = LaunchRequest.of("virt").shell(true);

  private String words(String guest) {
    return ShellWish.words(guest, wish.build());
  }

  @Test void whoWishesForAShellGetsOne() {
    assertEquals("xl.shell", words("debian"));
    assertEquals("xl.shell", words("debian-16k"));
    wish.append("quiet");
    assertEquals("quiet xl.shell", words("debian"));
  }

  @Test void whoDoesNotGetsNone() {
    wish.shell(false);
    assertEquals("", words("debian"));
  }

  @Test void anotherGuestIsNotToldAWordOfDebians() {
    assertEquals("", words("tiny"));
    assertEquals("", words("kernel"));
  }

  @Test void anInitOfTheUsersIsNotToldAWordOfOurs() {
    wish.initrd(Path.of("initrd"));
    assertEquals("", words("debian"));
  }

  @Test void anInitThatWasToldWhatToDoIsLeftAlone() {
    wish.append("xl.dump");
    assertEquals("xl.dump", words("debian"));
  }
}
