// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.PcBundles;
import org.xenolith.it.guest.PcGuest;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/**
 * Every bundle of a PC replaced again and again while Debian on two CPUs reads its disks and each of its clocks, is woken by timers and by an alarm, and
 * at last switches the machine off. The versions' records are of forms that differ from the build's and from one another ({@link RecordForm}).
 */
@FullLane
class PcReplacementTest {
  private static final int ROUNDS = 50;
  /** Rounds after which everything that is made once is there. */
  private static final int SETTLED = ROUNDS / 2;
  /** A round begins when the guest is as far as that step; what is left is done in the last round. */
  private static final int STEPS = ROUNDS + 14;
  private static final int PIECE = 64 << 10;
  private static final String LOOP = "c=/sys/devices/system/clocksource/clocksource0/current_clocksource; i=0; while [ $i -lt " + STEPS
      + " ]; do i=$((i+1)); [ $((i%16)) != 1 ] || echo +1 >/sys/class/rtc/rtc0/wakealarm; busybox md5sum /bin/hwclock >/sum &"
      + " case $((i%3)) in 0) echo tsc;; 1) echo hpet;; 2) echo acpi_pm;; esac >$c; cat $c; hwclock -u;"
      + " for d in vda nvme0n1; do dd if=/dev/$d bs=64k count=1 skip=$((i%64)) iflag=direct 2>/dev/null | md5sum; done; sleep 0.1; wait;"
      + " cat /sum; echo step $i.; done; cat /proc/interrupts; dmesg | grep -c ^; exit\n";
  private static final long HEAP_SLACK = 16L << 20;
  /** An engine's classes are loaded as the guest needs them. A leak has them as often as it was replaced. */
  private static final int CLASSES_SLACK = 450;
  private static final long METASPACE_SLACK = 5L << 20;

  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  /** What a run left behind. */
  private record Outcome(String console, long instructions, String digest) {
    static Outcome of(GuestMachine guest) {
      return new Outcome(guest.console().text(), guest.machine().instructions(), guest.machine().digest());
    }
  }

  /** The same guest on each engine: it ends as on the one that nobody disturbed. */
  @TestFactory
  List<DynamicTest> guestSeesNothingOfReplacementsOfEveryBundle() throws IOException {
    Outcome undisturbed;
    try (GuestMachine guest = PcGuest.resume()) {
      long began = System.nanoTime();
      long before = guest.machine().instructions();
      guest.type(LOOP);
      assertEquals(StopReason.POWER_OFF, guest.run(), guest::events);
      undisturbed = Outcome.of(guest);
      System.out.printf("undisturbed: %d instructions in %.1f s%n", undisturbed.instructions - before, (System.nanoTime() - began) / 1e9);
    }
    check(undisturbed.console);
    Set<String> bundles = PcGuest.bundles();
    return PcBundles.engines().keySet().stream().map(engine -> DynamicTest.dynamicTest(engine, () -> replaced(engine, bundles,
        undisturbed))).toList();
  }

  private void replaced(String engine, Set<String> bundles, Outcome undisturbed) throws IOException {
    try (GuestMachine changed = PcGuest.resume(engine)) {
      changed.type(LOOP);
      changed.begin();
      Map<String, List<Long>> downtimes = replaceAll(changed, bundles, engine);
      assertEquals(StopReason.POWER_OFF, changed.end(), changed::events);
      report(downtimes);
      assertEquals(undisturbed, Outcome.of(changed));
      for (String kind : List.of("model-failed", "change-failed", "unmodelled-access", "interrupt-message")) {
        assertNull(changed.machine().events().get(kind), changed::events);
      }
    } finally {
      product.restore();
    }
  }

  /** The guest has read what is on its disks, has had each clock for its own, and interrupts of each controller have come. */
  private static void check(String console) {
    for (int i = 1; i <= STEPS; i++) {
      int piece = i % 64 * PIECE;
      String step = PcGuest.VIRTIO.md5(piece, PIECE) + "  -\n" + PcGuest.NVME.md5(piece, PIECE) + "  -\n";
      assertTrue(console.contains(step), () -> "step " + step + " is missing in\n" + console);
      assertTrue(console.contains("step " + i + ".\n"), console);
    }
    for (String clock : List.of("tsc", "hpet", "acpi_pm")) {
      assertTrue(console.contains("\n" + clock + "\nThu Jan  1 00:00:"), () -> clock + " and then the date is missing in\n" + console);
    }
    for (String line : List.of("IO-APIC +\\d+-edge +virtio", "IO-APIC +8-edge +rtc0", "nvme0q[12]", "Local timer interrupts",
        "Rescheduling")) {
      assertTrue(console.lines().anyMatch(each -> each.matches(".*: .*[1-9].*" + line + ".*")), () -> "no interrupts " + line + " in\n"
          + console);
    }
    KernelLog.assertClean(console);
  }

  /** Replaces every bundle as often as asked, two versions in turn, while the machine runs; the last has the build's records. */
  private Map<String, List<Long>> replaceAll(GuestMachine guest, Set<String> bundles, String engine) throws IOException {
    Map<String, byte[][]> versions = new LinkedHashMap<>();
    for (String name : bundles) {
      byte[] jar = product.jar(name);
      versions.put(name, new byte[][] {JarEdit.version(jar, "1.0.1", RecordForm.FIRST), JarEdit.version(jar, "1.0.2", RecordForm.SECOND)});
      RecordForm.forget(name);
    }
    Set<String> serving = new TreeSet<>(PcBundles.serving(guest.machine()));
    serving.add(PcBundles.engines().get(engine));
    Map<String, List<Long>> downtimes = new LinkedHashMap<>();
    Footprint settled = null;
    long began = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      guest.console().await("step " + (round + 1) + ".\n", 0);
      for (Map.Entry<String, byte[][]> bundle : versions.entrySet()) {
        assertTrue(guest.running(), () -> "the guest's work ended before the replacements; console:\n" + guest.console().text());
        Change done = product.change().replace(bundle.getKey(), new ByteArrayInputStream(bundle.getValue()[round % 2]));
        assertTrue(done.done(), done::toString);
        assertEquals("1.0." + (1 + round % 2), done.version());
        assertEquals(serving.contains(bundle.getKey()), done.devices() > 0, done::toString);
        downtimes.computeIfAbsent(bundle.getKey() + " (" + done.devices() + ")", n -> new ArrayList<>()).add(done.hostNanoseconds());
      }
      if (round + 1 == SETTLED) {
        settled = Footprint.now();
      }
      if ((round + 1) % 10 == 0) {
        System.out.printf("round %d at %.1f s, step %s: %s%n", round + 1, (System.nanoTime() - began) / 1e9,
            guest.console().text().replaceAll("(?s).*step (\\d+).*", "$1"), Footprint.now());
      }
    }
    for (String name : bundles) {
      Change last = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.3",
          RecordForm.ORIGINAL)));
      assertTrue(last.done(), last::toString);
    }
    Set<String> stateless = new TreeSet<>(bundles);
    stateless.removeAll(PcBundles.serving(guest.machine()));
    assertEquals(stateless, new TreeSet<>(bundles.stream().filter(name -> !"second".equals(RecordForm.last(name, "added"))).toList()),
        "bundles without a record of another form");
    assertTrue(guest.running(), () -> "the guest's work ended before the replacements; console:\n" + guest.console().text());
    Footprint end = Footprint.now();
    Footprint middle = settled;
    assertTrue(end.metaspace() - middle.metaspace() < METASPACE_SLACK, () -> "metaspace grew from " + middle + " to " + end);
    assertTrue(end.classes() - middle.classes() < CLASSES_SLACK, () -> "classes grew from " + middle + " to " + end);
    assertTrue(end.heap() - middle.heap() < HEAP_SLACK, () -> "the heap grew from " + middle + " to " + end);
    return downtimes;
  }

  private static void report(Map<String, List<Long>> downtimes) {
    System.out.println("host downtime in ms            replaced   median      max");
    downtimes.forEach((name, times) -> {
      List<Long> sorted = times.stream().sorted().toList();
      System.out.printf("%-38s %4d %8.2f %8.2f%n", name, sorted.size(), sorted.get(sorted.size() / 2) / 1e6, sorted.getLast() / 1e6);
    });
  }
}
