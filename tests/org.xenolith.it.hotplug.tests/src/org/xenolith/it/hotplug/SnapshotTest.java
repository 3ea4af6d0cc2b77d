// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.GuestSetup;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A run that is saved and continued in another machine is the same run. */
class SnapshotTest {
  private static final String WORK = "dd if=/dev/vda bs=64k count=4 iflag=direct | md5sum; hwclock -u; sleep 2; echo d''one\n";
  private static final String END = "done\n";

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;
  private Path disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new RandomDisk(1, 1 << 20).write(folder.resolve("disk.raw"));
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  @Test
  void runSavedWhileTheDiskIsBusyEndsLikeTheOneThatWasNot() throws IOException {
    String console;
    String digest;
    try (GuestMachine whole = ShellGuest.resume(disk)) {
      whole.type(WORK);
      whole.runUntil(END);
      console = whole.console().text();
      digest = whole.machine().digest();
    }
    try (GuestMachine first = ShellGuest.resume(disk)) {
      first.type(WORK);
      for (int part = 0; part < 3; part++) {
        first.runUntilTheDiskIsRead();
        Path snapshot = folder.resolve("part" + part);
        first.machine().save(snapshot);
        assertTrue(Files.readString(snapshot.resolve("state.txt")).contains("!alarm completion"),
            "nothing is under way in " + snapshot + "; its alarms: "
                + Files.readAllLines(snapshot.resolve("state.txt")).stream().filter(l -> l.startsWith("!alarm")).toList());
        String before = first.console().text();
        try (GuestMachine second = ShellGuest.empty(disk)) {
          second.machine().restore(snapshot);
          assertEquals(first.machine().digest(), second.machine().digest(), "right after it was restored");
          second.runUntil(END);
          assertEquals(console, before + second.console().text());
          assertEquals(digest, second.machine().digest());
        }
      }
      first.runUntil(END);
      assertEquals(digest, first.machine().digest(), "the machine that was saved");
    }
  }

  @Test
  void runOfFourCpusSavedWhileItBootsEndsLikeTheOneThatWasNot() throws IOException {
    GuestSetup request = GuestSetup.debian("").on(3, 4);
    try (GuestMachine first = request.boot()) {
      assertEquals(StopReason.LIMIT, first.machine().run(new RunLimit(Long.MAX_VALUE, 400_000_000)));
      Path snapshot = folder.resolve("snapshot");
      first.machine().save(snapshot);
      String saved = first.machine().digest();
      first.runUntil("XENOLITH-MARKER");
      try (GuestMachine second = request.build()) {
        second.machine().restore(snapshot);
        assertEquals(saved, second.machine().digest(), "right after it was restored");
        second.runUntil("XENOLITH-MARKER");
        assertTrue(first.console().text().endsWith(second.console().text()));
        assertTrue(first.console().text().contains("Brought up 1 node, 4 CPUs"), first.console().text());
        assertEquals(first.machine().instructions(), second.machine().instructions());
        assertEquals(first.machine().digest(), second.machine().digest());
      }
    }
  }

  @Test
  void snapshotIsRefusedByTheNameOfTheMissingProvider() throws IOException {
    Path snapshot = folder.resolve("snapshot");
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      guest.machine().save(snapshot);
    }
    assertTrue(product.change().remove("org.xenolith.hw.pl031").done());
    try (GuestMachine guest = ShellGuest.empty(disk)) {
      IOException refusal = assertThrows(IOException.class, () -> guest.machine().restore(snapshot));
      assertTrue(refusal.getMessage().contains("org.xenolith.hw.pl031"), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("/pl031@9010000"), refusal.getMessage());
      product.restore();
      guest.machine().restore(snapshot);
      assertEquals("fine\n", guest.command("echo fine"));
    }
  }

  /** An open disk stays with the version that opened it, which must not lack a class that it has not needed so far. */
  @Test
  void openDiskOutlivesTheBundleThatOpenedItAndIsSaved() throws IOException {
    Path snapshot = folder.resolve("snapshot");
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      assertTrue(product.change().replace("org.xenolith.block.raw",
          new ByteArrayInputStream(JarEdit.version(product.jar("org.xenolith.block.raw"), "1.0.1"))).done());
      assertEquals("", guest.command("echo written >/x; dd if=/x of=/dev/vda 2>/dev/null; sync"));
      assertTrue(product.change().remove("org.xenolith.block.raw").done());
      guest.machine().save(snapshot);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.block.raw"))).done());
    }
    try (GuestMachine guest = ShellGuest.empty(disk)) {
      guest.machine().restore(snapshot);
      assertEquals("written\n", guest.command("dd if=/dev/vda bs=512 count=1 iflag=direct 2>/dev/null | head -c 8"));
    }
  }
}
