// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** What came in from outside while a run was recorded comes in at the same instructions when it is replayed. */
@FullLane
class JournalTest {
  private static final String UART = "org.xenolith.hw.pl011";
  private static final String RTC = "org.xenolith.hw.pl031";

  private final InstalledProduct product = InstalledProduct.get();
  private final String engine = product.engine();
  @TempDir
  Path folder;
  private Path disk;
  private Path journal;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new RandomDisk(1, 1 << 20).write(folder.resolve("disk.raw"));
    journal = folder.resolve("run.journal");
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void replace(String bundle, String version) throws IOException {
    Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), version)));
    assertTrue(done.done(), done::toString);
  }

  @Test
  void recordedRunWithKeysAndChangesReplaysToTheSameDigest() throws IOException {
    String console;
    String digest;
    try (GuestMachine recorded = ShellGuest.resume(disk)) {
      recorded.machine().record(journal);
      recorded.console().when("finished\n", recorded.machine()::stop);
      // Without it a shell that waits for keys would see virtual years go by.
      recorded.machine().governor(true);
      recorded.begin();
      recorded.type("echo rea''dy; read a; read b; echo $a-$b; hwclock; busybox md5sum /dev/vda /bin/busybox; echo finis''hed\n");
      // Nobody says when these come: the host's threads do.
      recorded.console().await("ready\n", 0);
      recorded.type("fir");
      recorded.console().await("fir", 0);
      replace(UART, "1.0.1");
      recorded.type("st\n");
      replace(engine, "1.0.1");
      recorded.type("second\n");
      recorded.console().await("first-second", 0);
      assertTrue(product.change().remove(RTC).done());
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(RTC))).done());
      assertEquals(StopReason.STOPPED, recorded.end(), recorded::events);
      console = recorded.console().text();
      digest = recorded.machine().digest();
    }
    List<String> lines = Files.readAllLines(journal);
    assertTrue(lines.stream().filter(l -> l.contains(" input serial ")).count() >= 4, lines::toString);
    assertEquals(2, lines.stream().filter(l -> l.contains(" replace ")).count(), lines::toString);
    assertEquals(1, lines.stream().filter(l -> l.contains(" remove ")).count(), lines::toString);
    assertEquals(1, lines.stream().filter(l -> l.contains(" add ")).count(), lines::toString);

    product.restore();
    MarkedCode.forget(UART);
    MarkedCode.forget(engine);
    try (GuestMachine replayed = ShellGuest.resume(disk)) {
      replayed.machine().replay(journal);
      replayed.runUntil("finished\n");
      assertEquals(console, replayed.console().text());
      assertEquals(digest, replayed.machine().digest());
      assertEquals("1.0.1", product.bundle(UART).getVersion().toString());
      assertEquals("1.0.1", product.bundle(engine).getVersion().toString());
      assertEquals("1.0.1", MarkedCode.served(UART));
      assertEquals("1.0.1", MarkedCode.served(engine));
    }
  }

  /** Bundles stopped and started by other means than live change, from the framework's own shell say. */
  @Test
  void servicesThatGoAndComeAreReplayedToo() throws Exception {
    String digest;
    String console;
    try (GuestMachine recorded = ShellGuest.resume(disk)) {
      recorded.machine().record(journal);
      assertTrue(recorded.command("hwclock -u").contains(" 2026 "));
      product.bundle(RTC).stop();
      assertTrue(recorded.command("hwclock -u").contains(" 2106 "));
      recorded.command("sleep 10");
      product.bundle(RTC).start();
      assertTrue(recorded.command("hwclock -u").contains(" 2026 "));
      digest = recorded.machine().digest();
      console = recorded.console().text();
    }
    List<String> lines = Files.readAllLines(journal);
    assertEquals(1, lines.stream().filter(l -> l.contains(" withdraw ")).count(), lines::toString);
    assertEquals(1, lines.stream().filter(l -> l.contains(" offer ")).count(), lines::toString);
    try (GuestMachine replayed = ShellGuest.resume(disk)) {
      replayed.machine().replay(journal);
      for (int prompts = 0; prompts < 4; prompts++) {
        replayed.runUntil(ShellGuest.PROMPT);
      }
      assertEquals(console, replayed.console().text());
      assertEquals(digest, replayed.machine().digest());
    }
  }

  @Test
  void replayOfAnotherRunEndsAsAFaultThatSaysWhere() throws IOException {
    try (GuestMachine recorded = ShellGuest.resume(disk)) {
      recorded.machine().record(journal);
      recorded.command("date");
    }
    List<String> lines = Files.readAllLines(journal);
    String[] last = lines.getLast().split(" ", 3);
    lines.set(lines.size() - 1, last[0] + ' ' + (Long.parseLong(last[1]) + 7) + ' ' + last[2]);
    Files.write(journal, lines);
    try (GuestMachine replayed = ShellGuest.resume(disk)) {
      replayed.machine().replay(journal);
      StopReason reason = replayed.run();
      assertEquals(StopReason.FAULT, reason);
      assertTrue(replayed.events().contains(last[0]), replayed::events);
    }
  }
}
