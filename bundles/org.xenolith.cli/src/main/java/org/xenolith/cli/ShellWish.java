package org.xenolith.cli;

/** Whether the person at a terminal wants a shell: the Debian guest else reports that it is up and powers off. */
final class ShellWish {
  private static final String DEBIAN = "debian";
  /** Words of the guest's init, of which {@code xl.shell} leaves the user at a shell. */
  private static final String WORD = "xl.";
  private static final String SHELL = "xl.shell";

  private ShellWish() { }

  /**
   * What is appended to the guest's command line: what the user said, and a shell on a terminal unless the run has another end
   * ({@code --until}), repeats another ({@code --replay}) or its init was told what to do.
   */
  static String words(String guest, BootCommand wish, boolean terminal) {
    boolean shell = terminal && guest.equals(DEBIAN) && wish.until == null && wish.replay == null
        && wish.initrd == null && !wish.append.contains(WORD);
    return shell ? (wish.append + " " + SHELL).strip() : wish.append;
  }
}
