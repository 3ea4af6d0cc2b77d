// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.Lane;

/** Dom0 by ACPI that uses variables and a disk and resets its machine: the same run, saved on the way or replayed from a journal. */
class FirmwareTrafficKeptTest {
  private static final int TURNS = 40;
  private static final List<String> REPLACED = List.of("org.xenolith.firmware.efi", "org.xenolith.efi.variables", "org.xenolith.hyp.efi",
      "org.xenolith.firmware.acpi.boot", "org.xenolith.firmware.acpi.namespace", "org.xenolith.hyp.build.arm.acpi");

  @TempDir
  private static Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  @TestFactory
  List<DynamicTest> theRunIsTheSame() {
    return Lane.onlyFull(DynamicTest.dynamicTest("saved and continued, or replayed", () -> {
      FirmwareTraffic traffic = FirmwareTraffic.boot(folder);
      saved(traffic);
      replayed(traffic);
    }));
  }

  private static void reboots(HypervisorGuest guest, int from) {
    guest.runUntil(guest.board(), "XENOLITH-MARKER up", from);
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, guest.board().text().lastIndexOf("XENOLITH-MARKER up"));
  }

  /** What is done after the saved place, and what comes of it. */
  private static String rest(HypervisorGuest guest, boolean inTraffic) {
    int from = 0;
    if (inTraffic) {
      FirmwareTraffic.finish(guest, TURNS);
      from = guest.board().length();
      guest.typeAtBoard("reboot -f");
    }
    reboots(guest, from);
    assertEquals(FirmwareTraffic.variables(TURNS), FirmwareTraffic.variables(guest));
    assertEquals(FirmwareTraffic.disk(TURNS), FirmwareTraffic.disk(guest));
    return guest.board().text();
  }

  private static void saved(FirmwareTraffic traffic) throws IOException {
    List<Path> parts = List.of(folder.resolve("early"), folder.resolve("late"), folder.resolve("boot"));
    String[] before = new String[parts.size()];
    String console;
    String digest;
    try (HypervisorGuest whole = traffic.resume()) {
      FirmwareTraffic.begin(whole, TURNS);
      console = rest(whole, true);
      digest = whole.machine().digest();
    }
    try (HypervisorGuest guest = traffic.resume()) {
      FirmwareTraffic.begin(guest, TURNS);
      for (int part = 0; part < 2; part++) {
        int turns = (part + 1) * TURNS / 3;
        guest.runUntil(guest.board(), "turn " + turns + "\n", 0);
        guest.run(1);
        traffic.save(guest, parts.get(part));
        before[part] = guest.board().text();
      }
      FirmwareTraffic.finish(guest, TURNS);
      int from = guest.board().length();
      guest.typeAtBoard("reboot -f");
      guest.run(1300);
      assertEquals(1L, guest.machine().events().get("machine-reset"));
      traffic.save(guest, parts.get(2));
      before[2] = guest.board().text();
      reboots(guest, from);
      assertEquals(FirmwareTraffic.variables(TURNS), FirmwareTraffic.variables(guest));
      assertEquals(FirmwareTraffic.disk(TURNS), FirmwareTraffic.disk(guest));
      assertEquals(console, guest.board().text());
      assertEquals(digest, guest.machine().digest(), "the machine that was saved");
    }
    for (int part = 0; part < parts.size(); part++) {
      try (HypervisorGuest guest = traffic.resume(parts.get(part))) {
        assertEquals(console, before[part] + rest(guest, part < 2), parts.get(part).toString());
        assertEquals(digest, guest.machine().digest(), parts.get(part).toString());
      }
    }
  }

  private void replayed(FirmwareTraffic traffic) throws Exception {
    Path journal = folder.resolve("journal");
    String end = "journal ended\n";
    String digest;
    String console;
    try (HypervisorGuest recorded = traffic.resume()) {
      recorded.machine().record(journal);
      recorded.machine().governor(true);
      recorded.board().when(end, recorded.machine()::stop);
      recorded.begin();
      // Nobody says when these come: the host's threads do.
      FirmwareTraffic.begin(recorded, TURNS);
      for (String bundle : REPLACED) {
        Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0.1")));
        assertTrue(done.done(), done::toString);
      }
      int from = recorded.board().await(FirmwareTraffic.END + "\n", 0);
      recorded.typeAtBoard("reboot -f");
      from = recorded.board().await("XENOLITH-MARKER up", from);
      recorded.board().await(HypervisorGuest.PROMPT, from);
      recorded.typeAtBoard("cat " + FirmwareTraffic.FILES + "Turn?-*; md5sum < /dev/nvme0n1; echo 'journal'\" ended\"");
      recorded.end();
      console = recorded.board().text();
      digest = recorded.machine().digest();
    }
    List<String> lines = Files.readAllLines(journal);
    assertEquals(REPLACED.size(), lines.stream().filter(line -> line.contains(" replace ")).count(), lines::toString);
    assertEquals(1, lines.stream().filter(line -> line.endsWith(" reset")).count(), lines::toString);
    assertTrue(console.contains(FirmwareTraffic.disk(TURNS)), console);

    product.restore();
    REPLACED.forEach(MarkedCode::forget);
    try (HypervisorGuest replayed = traffic.resume()) {
      replayed.machine().replay(journal);
      replayed.runUntil(replayed.board(), end, 0);
      REPLACED.forEach(bundle -> assertEquals("1.0.1", MarkedCode.served(bundle), bundle));
      assertEquals(console, replayed.board().text());
      assertEquals(digest, replayed.machine().digest());
    }
  }
}
