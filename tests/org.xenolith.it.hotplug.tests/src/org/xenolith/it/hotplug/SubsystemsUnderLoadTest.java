// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.PcBundles;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Every bundle of the hypervisor, and on a PC every other one that serves it, replaced again and again while two domains send each other data and check their disks. The versions'
 * records are of forms that differ from the build's and from one another ({@link RecordForm}).
 */
@FullLane
class SubsystemsUnderLoadTest {
  private static final long SEED = 20261121;
  /** The fifty are the full lane's. */
  private static final int ROUNDS = Lane.full() ? 50 : 20;
  /** Rounds after which everything that is made once is there. */
  private static final int SETTLED = 10;
  /** Part of the load's time over which the replacements are spread. */
  private static final double SPREAD = 0.92;
  private static final long HEAP_SLACK = 8L << 20;
  private static final int CLASSES_SLACK = 400;
  private static final long METASPACE_SLACK = 3L << 20;
  /** Virtual time that the load never needs, ns. */
  private static final long TOO_LONG = 30_000_000_000L;
  private static final String END = "finished\n";
  /** Their model is a kit's, which isn't replaced, and has no state. */
  private static final String BUILDERS = "org.xenolith.hyp.build.";
  /** Their state is declared by a kit, which isn't replaced: their records have one form. */
  private static final Set<String> STATE_OF_KITS = Set.of("org.xenolith.hyp.arm", "org.xenolith.hyp.p2m.a64", "org.xenolith.hyp.x64",
      "org.xenolith.hyp.p2m.x64", "org.xenolith.cpu.x64.machinecode");
  /** What it serves lies idle beside a hypervisor. */
  private static final String FIRMWARE = "/xenolith-boot-services";
  private static final List<String> LOAD = List.of(
      "i=0; while [ $i -lt 20 ]; do i=$((i+1)); busybox md5sum /bin/busybox; done; dmesg | grep -c ^; echo finis''hed",
      "xl-serve 5000 4; xl-fetch 10.0.0.12 5001; xl-disk /dev/xvda 4; echo finis''hed",
      "xl-ping 10.0.0.11; xl-fetch 10.0.0.11 5000; xl-serve 5001 4; xl-disk /dev/xvda 4; echo finis''hed");
  private static final List<List<String>> DONE = List.of(List.of(),
      List.of("XENOLITH-SERVE OK port=5000", "XENOLITH-FETCH OK 10.0.0.12:5001 bytes=4194304", "XENOLITH-DISKTEST OK /dev/xvda mib=4"),
      List.of("XENOLITH-PING OK 10.0.0.11 received=3/3", "XENOLITH-FETCH OK 10.0.0.11:5000 bytes=4194304",
          "XENOLITH-SERVE OK port=5001", "XENOLITH-DISKTEST OK /dev/xvda mib=4"));

  private final InstalledProduct product = InstalledProduct.get();

  /** What a run left behind. */
  private record Outcome(List<String> consoles, String digest, long instructions) {
    static Outcome of(TwoDomains domains) {
      return new Outcome(List.of(domains.console(0).text(), domains.console(1).text(), domains.console(2).text()),
          domains.machine().digest(), domains.machine().instructions());
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  @FunctionalInterface
  private interface Start {
    TwoDomains resume() throws IOException;
  }

  @Test
  void threeKernelsSeeNothingOfReplacementsOfEverySubsystem() throws IOException {
    threeKernelsSeeNothing(TwoDomains::resume, TwoDomains::bundles);
  }

  @Test
  void threePvhDomainsOfAPcSeeNothingOfReplacementsOfEveryBundle() throws IOException {
    threeKernelsSeeNothing(() -> TwoDomains.resumeOnPc(""), SubsystemsUnderLoadTest::ofPc);
  }

  private static List<String> ofPc(TwoDomains domains) {
    Set<String> bundles = new TreeSet<>();
    domains.machine().devices().stream().filter(device -> !device.bundle().isEmpty() && !device.instance().startsWith(FIRMWARE)).map(
        DeviceFact::bundle).forEach(bundles::add);
    bundles.add(PcBundles.engines().values().iterator().next());
    return List.copyOf(bundles);
  }

  private void threeKernelsSeeNothing(Start start, Function<TwoDomains, List<String>> bundles) throws IOException {
    System.out.println("seed " + SEED);
    Outcome undisturbed;
    long duration;
    long heap;
    try (TwoDomains domains = start.resume()) {
      long began = System.nanoTime();
      long from = domains.machine().now();
      begin(domains);
      assertEquals(StopReason.STOPPED, domains.runFor(TOO_LONG), domains::toString);
      duration = domains.machine().now() - from;
      undisturbed = Outcome.of(domains);
      check(domains);
      heap = Footprint.now().heap();
      System.out.printf("undisturbed: %.3f virtual s in %.1f s%n", duration / 1e9, (System.nanoTime() - began) / 1e9);
    }
    try (TwoDomains domains = start.resume()) {
      begin(domains);
      Map<String, List<Long>> downtimes = replaceAll(domains, bundles.apply(domains), (long) (duration * SPREAD));
      assertEquals(StopReason.STOPPED, domains.runFor(TOO_LONG), domains::toString);
      report(downtimes);
      check(domains);
      assertEquals(undisturbed, Outcome.of(domains));
      assertEquals(null, domains.machine().events().get("model-failed"), domains::events);
      // The domains' memory is the machine's, as much in both runs.
      long grown = Footprint.now().heap() - heap;
      assertTrue(grown < HEAP_SLACK, "the heap grew by " + grown + " bytes");
    }
  }

  private static void begin(TwoDomains domains) {
    domains.stopWhen(END);
    for (int i = 0; i < LOAD.size(); i++) {
      domains.type(i, LOAD.get(i));
    }
  }

  private static void check(TwoDomains domains) {
    for (int i = 0; i < LOAD.size(); i++) {
      String text = domains.console(i).text();
      DONE.get(i).forEach(line -> assertTrue(text.contains(line), () -> line + " is missing; " + domains));
      KernelLog.assertClean(text);
    }
  }

  /** Replaces every bundle as often as asked, two versions in turn, at times that the seed says. */
  private Map<String, List<Long>> replaceAll(TwoDomains domains, List<String> bundles, long duration) throws IOException {
    Map<String, byte[][]> versions = new LinkedHashMap<>();
    for (String name : bundles) {
      byte[] jar = product.jar(name);
      versions.put(name, new byte[][] {JarEdit.version(jar, "1.0.1", RecordForm.FIRST),
          JarEdit.version(jar, "1.0.2", RecordForm.SECOND)});
      RecordForm.forget(name);
    }
    assertTrue(versions.size() > 20, versions::toString);
    Random random = new Random(SEED);
    long step = duration / ((long) ROUNDS * versions.size());
    Map<String, List<Long>> downtimes = new LinkedHashMap<>();
    Footprint settled = null;
    long began = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, byte[][]> bundle : versions.entrySet()) {
        assertEquals(StopReason.LIMIT, domains.runFor((long) (2 * step * random.nextDouble())), domains::toString);
        Change done = product.change().replace(bundle.getKey(), new ByteArrayInputStream(bundle.getValue()[round % 2]));
        assertTrue(done.done(), done::toString);
        assertTrue(done.devices() > 0, done::toString);
        downtimes.computeIfAbsent(bundle.getKey(), n -> new ArrayList<>()).add(done.hostNanoseconds());
      }
      if (round + 1 == SETTLED) {
        settled = Footprint.now();
      }
      if ((round + 1) % 10 == 0) {
        System.out.printf("round %d at %.1f s, %.3f virtual s: %s%n", round + 1, (System.nanoTime() - began) / 1e9,
            domains.machine().now() / 1e9, Footprint.now());
      }
    }
    for (String name : versions.keySet()) {
      Change last = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.3",
          RecordForm.ORIGINAL)));
      assertTrue(last.done(), last::toString);
    }
    assertEquals(versions.keySet().stream().filter(name -> name.startsWith(BUILDERS) || STATE_OF_KITS.contains(name)).toList(),
        versions.keySet().stream().filter(name -> !"second".equals(RecordForm.last(name, "added"))).toList(),
        "bundles without a record of another form");
    Footprint end = Footprint.now();
    Footprint middle = settled;
    assertTrue(end.metaspace() - middle.metaspace() < METASPACE_SLACK, () -> "metaspace grew from " + middle + " to " + end);
    assertTrue(end.classes() - middle.classes() < CLASSES_SLACK, () -> "classes grew from " + middle + " to " + end);
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
