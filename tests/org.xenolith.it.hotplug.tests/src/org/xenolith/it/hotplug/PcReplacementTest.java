// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Every bundle that serves a PC, and its CPUs' engine, replaced again and again while Debian on two CPUs checks its disk. */
@FullLane
class PcReplacementTest {
  private static final long SEED = 20261127;
  private static final int DISK_BYTES = 32 << 20;
  private static final int CHUNK_KIB = 1024;
  private static final int LINES = 48;
  private static final int ROUNDS = 50;
  private static final String ENGINE = "org.xenolith.cpu.x64.interpreter";

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private GuestMachine launch(Path disk) {
    return GuestMachine.launch(RequestBuilder.of("pc-pvh").cpus(2).append("cryptomgr.notests xl.disk xl.lines=" + LINES + " xl.chunk="
        + CHUNK_KIB).disks(List.of(disk.toString())).build());
  }

  @Test
  void guestSeesNothingOfReplacementsOfEveryBundle() throws Exception {
    System.out.println("seed " + SEED);
    RandomDisk disk = new RandomDisk(SEED, DISK_BYTES);
    Path file = disk.write(folder.resolve("disk.raw"));
    String console;
    String digest;
    long instructions;
    try (GuestMachine undisturbed = launch(file)) {
      long began = System.nanoTime();
      assertEquals(StopReason.POWER_OFF, undisturbed.run(), undisturbed::events);
      console = undisturbed.console().text();
      digest = undisturbed.machine().digest();
      instructions = undisturbed.machine().instructions();
      System.out.printf("undisturbed: %d instructions in %.1f s%n", instructions, (System.nanoTime() - began) / 1e9);
    }
    disk.check(console, LINES, CHUNK_KIB << 10);
    KernelLog.assertClean(console);

    try (GuestMachine changed = launch(file)) {
      changed.runUntil("LINE 1 ");
      Set<String> bundles = new TreeSet<>(Set.of(ENGINE));
      changed.machine().devices().stream().map(device -> device.bundle()).filter(name -> name.startsWith("org.xenolith.hw.")).forEach(
          bundles::add);
      assertTrue(bundles.containsAll(List.of("org.xenolith.hw.lapic", "org.xenolith.hw.ioapic", "org.xenolith.hw.acpi.pm",
          "org.xenolith.hw.cmos.rtc", "org.xenolith.hw.hpet", "org.xenolith.hw.ns16550", "org.xenolith.hw.virtio.mmio")),
          bundles::toString);
      changed.begin();
      replaceAll(changed, bundles);
      changed.console().await("LINE " + LINES + " ", 0);
      assertEquals(StopReason.POWER_OFF, changed.end(), changed::events);
      disk.check(changed.console().text(), LINES, CHUNK_KIB << 10);
      assertEquals(console, changed.console().text());
      assertEquals(instructions, changed.machine().instructions());
      assertEquals(digest, changed.machine().digest());
    }
  }

  /** Two versions in turn, whose records differ from the build's and from one another's; the last has the build's. */
  private void replaceAll(GuestMachine guest, Set<String> bundles) throws IOException {
    Map<String, byte[][]> versions = new LinkedHashMap<>();
    for (String name : bundles) {
      byte[] jar = product.jar(name);
      versions.put(name, new byte[][] {JarEdit.version(jar, "1.0.1", RecordForm.FIRST), JarEdit.version(jar, "1.0.2", RecordForm.SECOND)});
      RecordForm.forget(name);
    }
    List<Long> downtimes = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, byte[][]> bundle : versions.entrySet()) {
        assertTrue(guest.running(), () -> "the guest's work ended before the replacements; console:\n" + guest.console().text());
        Change done = product.change().replace(bundle.getKey(), new ByteArrayInputStream(bundle.getValue()[round % 2]));
        assertTrue(done.done(), done::toString);
        downtimes.add(done.hostNanoseconds());
      }
    }
    for (String name : bundles) {
      Change last = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.3",
          RecordForm.ORIGINAL)));
      assertTrue(last.done(), last::toString);
    }
    downtimes.sort(null);
    System.out.printf("%d replacements of %d bundles, host downtime %.2f ms in the median%n", downtimes.size(), bundles.size(), downtimes
        .get(
            downtimes.size() / 2) / 1e6);
  }
}
