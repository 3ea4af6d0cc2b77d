// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Debian at its shell with a disk: booted once and saved, so that each test starts from there.
 */
public final class ShellGuest {
  /** What the shell prints when it waits. */
  public static final String PROMPT = "xenolith:/# ";
  private static Path snapshot;

  private ShellGuest() {}

  private static GuestSetup request(Path disk) {
    return GuestSetup.debian("xl.disk xl.shell").with(disk);
  }

  /** A powered-off machine that such a guest's snapshot fits into. */
  public static GuestMachine empty(Path disk) {
    return request(disk).build();
  }

  /** A machine whose guest waits at its shell, with this disk; the image must have the same content at every call. */
  public static synchronized GuestMachine resume(Path disk) throws IOException {
    if (snapshot == null) {
      Path folder = Files.createTempDirectory("xenolith-shell-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      try (GuestMachine booted = request(disk).boot()) {
        booted.runUntil(PROMPT);
        booted.machine().save(folder);
      }
      snapshot = folder;
    }
    GuestMachine resumed = empty(disk);
    resumed.machine().restore(snapshot);
    return resumed;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println(folder + " could not be deleted: " + e.getMessage());
    }
  }
}
