// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Debian, booted by ACPI, calls EFI's runtime services at the virtual addresses that its loader has mapped them at, while the firmware's core
 * and each of its roles are replaced, removed and put back, and over a reset.
 */
@FullLane
class EfiServicesTest {
  private static final List<String> BUNDLES = List.of("org.xenolith.firmware.efi", "org.xenolith.efi.direct", "org.xenolith.efi.variables",
      "org.xenolith.efi.clock.pl031");
  private static final List<String> AT_POWER_ON = List.of("org.xenolith.firmware.acpi.boot", "org.xenolith.firmware.acpi.console",
      "org.xenolith.firmware.acpi.namespace", "org.xenolith.firmware.acpi.pci", "org.xenolith.firmware.acpi.processors",
      "org.xenolith.firmware.acpi.topology", "org.xenolith.efi.console.pl011");
  /** The tables that the kernel was given. */
  private static final String TABLES = "dmesg | grep -o 'ACPI: .* 0x.*'";
  private static final int ROUNDS = Lane.full() ? 50 : 6;
  /** Of the guest's work: more than fit into the rounds. */
  private static final int TURNS = Lane.full() ? 60 : 16;
  private static final String GUID = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
  private static final String NEXT = "/sys/firmware/efi/efivars/BootNext-" + GUID;
  private static final String LANG = "/sys/firmware/efi/efivars/Lang-" + GUID;
  private static final String WORK =
      "i=0; while [ $i -lt " + TURNS + " ]; do i=$((i+1)); printf \"\\\\007\\\\000\\\\000\\\\000\\\\00$((i%8))\\\\000\" > "
          + NEXT + "; md5sum < " + NEXT + "; ls /sys/firmware/efi/efivars | wc -l; hwclock -u; done; echo finis''hed\n";

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void change(String bundle, int round) throws IOException {
    Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + round
        % 2))));
    assertTrue(done.done(), done::reason);
    assertEquals(1, done.devices(), bundle);
  }

  /** The guest works to its end; what happens every few milliseconds is told the number of that. */
  private static String work(GuestMachine guest, Meanwhile meanwhile) throws IOException {
    int from = guest.console().length();
    guest.type(WORK);
    for (int round = 0; round < ROUNDS; round++) {
      assertEquals(StopReason.LIMIT, guest.runFor(2));
      meanwhile.happens(round);
    }
    assertFalse(guest.console().text().substring(from).contains("finished"), "the guest was ready too early");
    guest.runUntil("finished");
    guest.runUntil(ShellGuest.PROMPT);
    return guest.console().text().substring(from);
  }

  private interface Meanwhile {
    void happens(int round) throws IOException;
  }

  @Test
  void servicesGoOnWhileEveryPartIsReplacedRemovedAndPutBack() throws IOException {
    Path store = folder.resolve("variables.img");
    Path saved = folder.resolve("saved");
    Path copy = folder.resolve("copy.img");
    String expected;
    String digest;
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).guest("debian")
        .append("cryptomgr.notests xl.efi xl.shell").option("firmware", "acpi").option("efi-variables", store.toString()).bootsAgain(true)
        .build())) {
      guest.runUntil(ShellGuest.PROMPT);
      String log = guest.console().text();
      for (String line : List.of("Remapping and enabling EFI services.", "Registered efivars operations",
          "rtc-efi rtc-efi.0: registered as rtc0", "setting system clock to 2026-01-01T00:00:0")) {
        assertTrue(log.contains(line), () -> line + " isn't in\n" + log);
      }
      KernelLog.assertClean(log);
      assertFalse(log.contains("Firmware Bug") || log.contains("XENOLITH-ERROR"), log);
      guest.command("printf '\\007\\000\\000\\000eng' > " + LANG);
      guest.save(saved);
      Files.copy(store, copy);
      expected = work(guest, round -> {});
      assertEquals(TURNS, expected.lines().filter(line -> line.matches("[0-9a-f]{32}  -")).count(), expected);
      assertEquals(8, expected.lines().filter(line -> line.matches("[0-9a-f]{32}  -")).distinct().count(), expected);
      digest = guest.machine().digest();
    }
    Files.move(copy, store, StandardCopyOption.REPLACE_EXISTING);
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.ofSnapshot(saved).bootsAgain(true).build())) {
      assertEquals(expected, work(guest, round -> {
        for (String bundle : BUNDLES) {
          change(bundle, round);
        }
      }));
      assertEquals(digest, guest.machine().digest());
      partsGoAndComeBack(guest);
      if (Lane.full()) {
        variablesAndDateOutliveAReset(guest);
      }
    }
  }

  /** What makes tables, and acts when a machine is powered on, is replaced before, and its last version does it. */
  private void variablesAndDateOutliveAReset(GuestMachine guest) throws IOException {
    String tables = guest.command(TABLES);
    assertTrue(tables.lines().count() >= 7, tables);
    for (String bundle : AT_POWER_ON) {
      for (int round = 0; round < ROUNDS; round++) {
        Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + round
            % 2))));
        assertTrue(done.done(), done::reason);
      }
      MarkedCode.forget(bundle);
    }
    guest.type("date -u -s '2030-05-06 07:08:00'; hwclock -u -w; reboot -f\n");
    guest.runUntil("Booting Linux");
    assertTrue(guest.events().contains("machine-reset /xenolith-firmware: EFI ResetSystem "), guest::events);
    guest.runUntil(ShellGuest.PROMPT);
    AT_POWER_ON.forEach(bundle -> assertEquals("1.0.2", MarkedCode.served(bundle), bundle));
    assertEquals(tables, guest.command(TABLES));
    assertEquals("eng", guest.command("cat " + LANG + " | tail -c 3"));
    String date = guest.command("hwclock -u");
    assertTrue(date.startsWith("Mon May  6 07:08:0"), date);
  }

  private void partsGoAndComeBack(GuestMachine guest) throws IOException {
    for (String bundle : BUNDLES) {
      boolean clock = bundle.contains("clock");
      String use = clock ? "hwclock -u" : "cat " + LANG + " | tail -c 3";
      String works = guest.command(use);
      assertTrue(clock ? works.contains(" 2026 ") : works.equals("eng"), () -> bundle + ": " + works);
      Change removed = product.change().remove(bundle);
      assertTrue(removed.done() && removed.devices() == 1, removed::toString);
      String without = guest.command(use);
      assertFalse(clock ? without.contains(" 2026 ") : without.contains("eng"), bundle + ": " + without);
      Change added = product.change().add(new ByteArrayInputStream(product.jar(bundle)));
      assertTrue(added.done() && added.devices() == 1, added::toString);
      String again = guest.command(use);
      assertTrue(clock ? again.contains(" 2026 ") : again.equals("eng"), () -> bundle + ": " + again);
    }
    assertEquals(List.of(), Stream.of("model-failed", "model-refused", "unmodelled-access", "variable-store").filter(kind -> guest.machine()
        .events().containsKey(kind)).toList(), guest::events);
  }
}
