// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.it.hotplug.KernelLog;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.Lane;

/**
 * All of firmware, of what makes tables and of what stands between Dom0 and its hardware, replaced, removed and put back while Dom0 by ACPI
 * uses variables and a disk behind PCI.
 */
class FirmwareUnderTrafficTest {
  private static final long SEED = 20261122;
  private static final int ROUNDS = 50;
  private static final int TURNS = 80;
  /** Part of the load's time over which the replacements are spread. */
  private static final double SPREAD = 0.9;
  /** Who makes tables: nothing of them is in a machine that runs. */
  private static final List<String> BUILDERS = List.of("firmware.acpi.boot", "firmware.acpi.console", "firmware.acpi.namespace",
      "firmware.acpi.pci", "firmware.acpi.processors", "firmware.acpi.topology");
  private static final List<String> FIRMWARE = List.of("firmware.efi", "efi.variables", "efi.direct", "efi.clock.pl031",
      "efi.console.pl011", "hyp.efi", "hyp.platform", "hyp.build.arm.acpi", "hyp.build.arm.acpi.domu");
  /** Policies, and the way to the disk. */
  private static final List<String> PCI = List.of("hyp.xsm", "hyp.p2m.a64", "hyp.vpci", "hyp.pci", "hyp.pcihost.ecam", "hyp.smmuv3",
      "hw.pcihost.ecam", "hw.pci.rootport", "hw.smmuv3", "hw.nvme");
  private static final List<String> HARM = List.of("model-failed", "model-refused", "change-failed", "guest-abort", "unmodelled-access",
      "internal-fault", "variable-store", "reset-failed", "refused-dma", "iommu-fault", "bundle-leaks");

  @TempDir
  private static Path folder;
  private static FirmwareTraffic traffic;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static synchronized FirmwareTraffic traffic() throws IOException {
    if (traffic == null) {
      traffic = FirmwareTraffic.boot(folder);
    }
    return traffic;
  }

  @TestFactory
  List<DynamicTest> dom0GoesOn() {
    return Lane.onlyFull(DynamicTest.dynamicTest("seeing nothing of fifty replacements of each, and is booted again by the last",
        this::replaced), DynamicTest.dynamicTest("without what is removed", this::removed));
  }

  /** What a run left behind. */
  private record Outcome(String console, String digest, long instructions) {
    static Outcome of(HypervisorGuest guest) {
      return new Outcome(guest.board().text(), guest.machine().digest(), guest.machine().instructions());
    }
  }

  private static String bundle(String suffix) {
    return "org.xenolith." + suffix;
  }

  private static void unharmed(HypervisorGuest guest) {
    HARM.forEach(kind -> assertNull(guest.machine().events().get(kind), guest::events));
  }

  private Change replace(String bundle, byte[] jar) throws IOException {
    Change done = product.change().replace(bundle, new ByteArrayInputStream(jar));
    assertTrue(done.done(), done::toString);
    assertEquals(BUILDERS.contains(bundle.substring("org.xenolith.".length())), done.devices() == 0, done::toString);
    return done;
  }

  private void replaced() throws IOException {
    System.out.println("seed " + SEED);
    Outcome undisturbed;
    long duration;
    try (HypervisorGuest guest = traffic().resume()) {
      long from = guest.machine().now();
      FirmwareTraffic.begin(guest, TURNS);
      FirmwareTraffic.end(guest);
      duration = guest.machine().now() - from;
      FirmwareTraffic.check(guest, TURNS);
      undisturbed = Outcome.of(guest);
      unharmed(guest);
      System.out.printf("undisturbed: %.3f virtual s%n", duration / 1e9);
    }
    try (HypervisorGuest guest = traffic().resume()) {
      FirmwareTraffic.begin(guest, TURNS);
      replaceAll(guest, (long) (duration * SPREAD));
      FirmwareTraffic.finish(guest, TURNS);
      assertEquals(undisturbed, Outcome.of(guest));
      unharmed(guest);
      bootedAgain(guest);
      unharmed(guest);
    }
  }

  /** Two versions of each in turn, whose records have other forms. The last ones have the build's, and other code. */
  private void replaceAll(HypervisorGuest guest, long duration) throws IOException {
    Map<String, byte[][]> versions = new LinkedHashMap<>();
    for (String suffix : Stream.of(BUILDERS, FIRMWARE, PCI).flatMap(List::stream).toList()) {
      byte[] jar = product.jar(bundle(suffix));
      versions.put(bundle(suffix), new byte[][] {JarEdit.version(jar, "1.0.1", RecordForm.FIRST),
          JarEdit.version(jar, "1.0.2", RecordForm.SECOND), JarEdit.version(jar, "1.0.3", RecordForm.ORIGINAL)});
      RecordForm.forget(bundle(suffix));
    }
    Random random = new Random(SEED);
    long until = guest.machine().now();
    int replacements = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, byte[][]> bundle : versions.entrySet()) {
        until += (long) (2 * random.nextDouble() * duration / ROUNDS / versions.size());
        guest.runTo(until);
        replace(bundle.getKey(), bundle.getValue()[round == ROUNDS - 1 ? 2 : round % 2]);
        replacements++;
      }
    }
    assertTrue(!guest.board().text().contains(FirmwareTraffic.END + "\n"), "the traffic ended before the last replacement");
    BUILDERS.forEach(suffix -> assertNull(MarkedCode.served(bundle(suffix)), suffix + " has made tables for nobody"));
    System.out.printf("%d replacements of %d bundles in %.3f virtual s%n", replacements, versions.size(), duration / 1e9);
  }

  /** Tables are made, and Dom0 is built, by the versions that came last; what was kept is there. */
  private static void bootedAgain(HypervisorGuest guest) {
    String tables = tables(guest);
    List<String> makers = Stream.concat(BUILDERS.stream(), Stream.of("hyp.build.arm.acpi", "efi.console.pl011")).toList();
    makers.forEach(suffix -> MarkedCode.forget(bundle(suffix)));
    int from = guest.board().length();
    guest.typeAtBoard("reboot -f");
    guest.runUntil(guest.board(), "XENOLITH-MARKER up", from);
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, guest.board().text().lastIndexOf("XENOLITH-MARKER up"));
    makers.forEach(suffix -> assertEquals("1.0.3", MarkedCode.served(bundle(suffix)), suffix));
    assertEquals(tables, tables(guest));
    assertEquals(FirmwareTraffic.variables(TURNS), FirmwareTraffic.variables(guest));
    assertEquals(FirmwareTraffic.disk(TURNS), FirmwareTraffic.disk(guest));
  }

  /** The tables that the kernel has found, and that it has nothing to complain of. */
  private static String tables(HypervisorGuest guest) {
    String log = guest.dom0("dmesg");
    KernelLog.assertClean(log);
    assertEquals(List.of(), log.lines().filter(line -> line.matches(".*(ACPI Error|ACPI Warning|Firmware Bug|not compliant|nvme.*(timeout|"
        + "abort|reset)|efi.*(rror|fail)).*")).toList());
    String tables = String.join("\n", log.lines().filter(line -> line.matches(".*ACPI: [A-Z0-9]{4} 0x.*")).map(line -> line.replaceFirst(
        "^\\[[ 0-9.]+\\] ", "")).toList());
    assertTrue(tables.contains("ACPI: MCFG 0x") && tables.contains("ACPI: IORT 0x") && tables.contains("ACPI: STAO 0x"), log);
    return tables;
  }

  // ---- removal

  /** Without these no variable can be read or changed. */
  private static final List<String> ON_THE_WAY_TO_VARIABLES = List.of("firmware.efi", "efi.variables", "hyp.efi", "hyp.platform");
  /** Nor without these the clock. */
  private static final List<String> ON_THE_WAY_TO_THE_CLOCK = List.of("firmware.efi", "efi.clock.pl031", "hyp.efi", "hyp.platform");
  private static final String KEPT = FirmwareTraffic.FILES + "Kept-" + FirmwareTraffic.GUID;
  private static final String COUNT = FirmwareTraffic.FILES + "Count-" + FirmwareTraffic.GUID;
  private static final String VALUE = "\\007\\000\\000\\000";
  /** What was acknowledged goes to one file, what was refused to another. */
  private static final String COUNTING = "count() { i=0; while [ ! -e /end ]; do i=$((i+1)); printf \"" + VALUE + "$i\" > " + COUNT
      + " && echo $i || echo $i >&2; sleep 0.005; done > /acknowledged 2> /refused; }; count &";
  private static final String INVALID = "Invalid argument";
  private static final String REFUSED = "refused";

  private void removed() throws IOException {
    product.restore();
    try (HypervisorGuest guest = traffic().resume()) {
      guest.dom0("printf \"" + VALUE + "kept\" > " + KEPT);
      FirmwareTraffic.beginDisk(guest);
      guest.typeAtBoard(COUNTING);
      int done = 0;
      for (String suffix : Stream.of(BUILDERS, FIRMWARE).flatMap(List::stream).toList()) {
        done = works(guest, "", done);
        Change removed = product.change().remove(bundle(suffix));
        assertTrue(removed.done() && (removed.devices() == 0) == BUILDERS.contains(suffix), removed::toString);
        done = works(guest, suffix, done);
        Change added = product.change().add(new ByteArrayInputStream(product.jar(bundle(suffix))));
        assertTrue(added.done() && added.devices() == removed.devices(), added::toString);
      }
      works(guest, "", done);
      int turns = FirmwareTraffic.stop(guest);
      List<String> acknowledged = guest.dom0("cat /acknowledged").lines().toList();
      List<String> refused = guest.dom0("cat /refused").lines().toList();
      System.out.printf("%d turns of the disk, %d variables written, %d refused%n", turns, acknowledged.size(), refused.size());
      assertTrue(refused.size() >= ON_THE_WAY_TO_VARIABLES.size(), refused::toString);
      assertEquals(acknowledged.getLast(), guest.dom0("tail -c +5 " + COUNT));
      // Nobody was told of a change that has not happened, and every turn was told of one way or the other.
      assertEquals(Integer.parseInt(acknowledged.getLast()), acknowledged.size() + refused.size());
      String log = guest.dom0("dmesg");
      KernelLog.assertClean(log);
      assertEquals(List.of("rtc-efi rtc-efi.0: can't read time"), log.lines().filter(line -> line.matches(".*(efi|nvme|ACPI).*(can't|rror|"
          + "timeout|abort|fail).*")).map(line -> line.replaceFirst("^\\[[ 0-9.]+\\] ", "")).distinct().toList());
      unharmed(guest);
    }
  }

  /**
   * A variable and the clock are what they were, or can't be had; a domain by ACPI can be made, or can't; the disk's loop goes on.
   *
   * @param before turns that the disk's loop had done before
   * @return turns that it has done
   */
  private static int works(HypervisorGuest guest, String away, int before) throws IOException {
    String when = away.isEmpty() ? "with all there" : "without " + away;
    guest.run(10);
    List<String> seen = guest.dom0("tail -c +5 " + KEPT + " 2>&1; echo; hwclock -u 2>&1; wc -l < /d").lines().filter(line -> !line
        .isEmpty())
        .toList();
    assertEquals(ON_THE_WAY_TO_VARIABLES.contains(away) ? "tail: read error: " + INVALID : "kept", seen.get(0), when);
    String clock = seen.get(1);
    assertTrue(ON_THE_WAY_TO_THE_CLOCK.contains(away) ? clock.equals("hwclock: RTC_RD_TIME: " + INVALID) : clock.contains(" 2026 "), when
        + ": " + clock);
    assertEquals(away.equals("hyp.build.arm.acpi.domu") ? REFUSED : "created", created(guest), when);
    int turns = Integer.parseInt(seen.get(2));
    assertTrue(turns > before, when + " the disk's loop stands still at turn " + turns);
    return turns;
  }

  private static String created(HypervisorGuest guest) throws IOException {
    Path small = Files.writeString(folder.resolve("small.cfg"), "name = \"small\"\nkernel = \"%s\"\nmemory = 16\nacpi = 1\n".formatted(
        Files.write(folder.resolve("small"), SmallKernel.bytes())));
    try {
      guest.xl("create " + small);
    } catch (HypervisorException e) {
      assertTrue(e.getMessage().contains("arm.dt.domu: it describes guests by device tree"), e.getMessage());
      return REFUSED;
    }
    guest.run(1);
    guest.xl("destroy small");
    return "created";
  }
}
