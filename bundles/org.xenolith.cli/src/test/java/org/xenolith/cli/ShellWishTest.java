package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShellWishTest {
  private final BootCommand wish = new BootCommand(null);

  private String words(String guest, boolean terminal) {
    return ShellWish.words(guest, wish, terminal);
  }

  @Test void aPersonAtATerminalGetsAShell() {
    assertEquals("xl.shell", words("debian", true));
    wish.append = "quiet";
    assertEquals("quiet xl.shell", words("debian", true));
  }

  @Test void aPipeGetsNone() {
    assertEquals("", words("debian", false));
  }

  @Test void anotherGuestIsNotToldAWordOfDebians() {
    assertEquals("", words("tiny", true));
    assertEquals("", words("kernel", true));
  }

  @Test void aRunWithAnEndOfItsOwnGetsNone() {
    wish.until = "XENOLITH-MARKER";
    assertEquals("", words("debian", true));
  }

  @Test void anInitThatWasToldWhatToDoIsLeftAlone() {
    wish.append = "xl.dump";
    assertEquals("xl.dump", words("debian", true));
  }
}
