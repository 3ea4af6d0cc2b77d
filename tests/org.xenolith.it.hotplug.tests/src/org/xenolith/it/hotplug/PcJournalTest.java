// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.guest.PcBundles;
import org.xenolith.it.guest.PcGuest;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Keys, and bundles of a PC that are replaced, removed and added, at times that only the host's threads know: a replay has them at the same instructions. */
@FullLane
class PcJournalTest {
  private static final String END = "finished\n";
  private static final String PREFIX = "org.xenolith.";
  private static final List<String> DEVICES = List.of("hw.ns16550", "hw.lapic", "hw.ioapic", "hw.hpet", "hw.nvme");
  private static final String REMOVED = PREFIX + "hw.cmos.rtc";

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  @Test
  void recordedRunWithKeysAndChangesReplaysToTheSameDigest() throws IOException {
    List<String> replacements = Stream.concat(DEVICES.stream().map(PREFIX::concat), PcBundles.engines().values().stream().limit(1))
        .toList();
    Path journal = folder.resolve("run.journal");
    String console;
    String digest;
    try (GuestMachine recorded = PcGuest.resume()) {
      recorded.machine().record(journal);
      recorded.console().when(END, recorded.machine()::stop);
      // Without it a shell that waits for keys would see virtual years go by.
      recorded.machine().governor(true);
      recorded.begin();
      recorded.type(
          "echo rea''dy; read a; echo $a; hwclock -u; md5sum /dev/vda /dev/nvme0n1; read b; hwclock -u; echo $b; echo finis''hed\n");
      recorded.console().await("ready\n", 0);
      recorded.type("fir");
      recorded.console().await("fir", 0);
      assertTrue(product.change().remove(REMOVED).done());
      recorded.type("st\n");
      recorded.console().await("first\n", 0);
      for (String name : replacements) {
        Change done = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1")));
        assertTrue(done.done() && done.devices() > 0, done::toString);
      }
      recorded.console().await(PcGuest.NVME.md5(0, PcGuest.DISK_BYTES), 0);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(REMOVED))).done());
      recorded.type("second\n");
      assertEquals(StopReason.STOPPED, recorded.end(), recorded::events);
      console = recorded.console().text();
      digest = recorded.machine().digest();
    }
    assertTrue(console.contains(PcGuest.VIRTIO.md5(0, PcGuest.DISK_BYTES) + "  /dev/vda\n"), console);
    assertEquals(1, console.split(" 2026  0.000000 seconds\n", -1).length - 1, console);
    List<String> lines = Files.readAllLines(journal);
    assertEquals(replacements.size(), lines.stream().filter(l -> l.contains(" replace ")).count(), lines::toString);
    assertEquals(1, lines.stream().filter(l -> l.contains(" remove ")).count(), lines::toString);
    assertEquals(1, lines.stream().filter(l -> l.contains(" add ")).count(), lines::toString);

    product.restore();
    replacements.forEach(MarkedCode::forget);
    try (GuestMachine replayed = PcGuest.resume()) {
      replayed.machine().replay(journal);
      replayed.runUntil(END);
      assertEquals(console, replayed.console().text());
      assertEquals(digest, replayed.machine().digest());
      for (String bundle : replacements) {
        assertEquals("1.0.1", product.bundle(bundle).getVersion().toString());
        assertEquals("1.0.1", MarkedCode.served(bundle));
      }
    }
  }
}
