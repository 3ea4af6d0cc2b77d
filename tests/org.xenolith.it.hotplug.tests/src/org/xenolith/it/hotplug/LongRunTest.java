// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.Lane;

/** What only shows after long: three kernels that check what they compute, read and receive, and a program that must not grow. */
class LongRunTest {
  private static final long SEED = 20261122;
  /** Ten at least. */
  private static final int REPLACEMENTS = Integer.getInteger("xenolith.test.replacements", 1000);
  /** A subsystem of the hypervisor and five models. */
  private static final List<String> REPLACED = List.of("org.xenolith.hyp.evtchn", "org.xenolith.hw.gicv2", "org.xenolith.hw.timer",
      "org.xenolith.hw.pl011", "org.xenolith.hw.pl031", "org.xenolith.hw.virtio.mmio");
  private static final int STEP = REPLACEMENTS / 10;
  /** An engine translates what becomes hot in the first rounds, whatever is replaced. */
  private static final int SETTLED = 3 * STEP;
  private static final long BUSY_MINUTES = Long.getLong("xenolith.test.busy-minutes", 30);
  private static final long HEAP_SLACK = 16L << 20;
  /** Beside the translations: a rarely executed path of a kernel becomes hot after an hour, too, and is a class from then on. */
  private static final long METASPACE_SLACK = 2L << 20;
  private static final int CLASSES_SLACK = 50;
  /** Bytes of metaspace of a translation, with what the JVM keeps beside its class. */
  private static final long TRANSLATION = 24 << 10;
  /** Threads and files that may come and go with collections and consoles. */
  private static final int HANDLES_SLACK = 4;
  private static final long MILLISECOND = 1_000_000L;
  /** Each ends with a word if something was not as it must be; quotes keep the word out of the echo of the line. */
  private static final List<String> LOAD = List.of(
      "s=$(busybox md5sum /bin/busybox); while [ \"$(busybox md5sum /bin/busybox)\" = \"$s\" ]; do :; done; echo wr''ong",
      "(while xl-disk /dev/xvda 4 | grep -q 'DISKTEST OK'; do :; done; echo wr''ong) &"
          + " while xl-ping 10.0.0.12 | grep -q 'PING OK'; do :; done; echo wr''ong",
      "(while xl-disk /dev/xvda 4 | grep -q 'DISKTEST OK'; do :; done; echo wr''ong) &"
          + " while xl-ping 10.0.0.11 | grep -q 'PING OK'; do :; done; echo wr''ong");

  private final InstalledProduct product = InstalledProduct.get();

  /** What a program holds. */
  private record Held(Footprint memory, Translations translations, int threads, int files) {
    static Held now() throws IOException {
      Translations translations = Translations.now();
      Footprint memory = Footprint.now();
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        return new Held(memory, translations, Thread.activeCount(), (int) open.count());
      }
    }

    void assertNoMoreThan(Held before) {
      String both = "from " + before + " to " + this;
      int translated = translations.classes() - before.translations.classes();
      assertAll(
          () -> assertTrue(memory.heap() - before.memory.heap() < HEAP_SLACK, () -> "heap " + both),
          () -> assertTrue(memory.metaspace() - before.memory.metaspace() < METASPACE_SLACK + translated * TRANSLATION,
              () -> "metaspace " + both),
          () -> assertTrue(memory.classes() - before.memory.classes() < CLASSES_SLACK + translated, () -> "classes " + both),
          () -> assertTrue(translations.classes() - translations.used() < CLASSES_SLACK, () -> "translations of no use " + both),
          () -> assertTrue(threads - before.threads < HANDLES_SLACK, () -> "threads " + both),
          () -> assertTrue(files - before.files < HANDLES_SLACK, () -> "files " + both));
    }

    @Override
    public String toString() {
      return memory + ", " + translations + ", " + threads + " threads, " + files + " files";
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  /** Both take minutes: they belong to {@code ./xenolith test --full}. */
  @TestFactory
  List<DynamicTest> inTheFullLane() {
    return Lane.onlyFull(
        DynamicTest.dynamicTest("a thousand replacements of a subsystem and of five models leave nothing", this::replaced),
        DynamicTest.dynamicTest("three busy kernels take no more after half an hour", this::busy));
  }

  private void replaced() throws IOException {
    System.out.println("seed " + SEED);
    Map<String, byte[][]> versions = new LinkedHashMap<>();
    for (String name : REPLACED) {
      byte[] jar = product.jar(name);
      versions.put(name, new byte[][] {JarEdit.version(jar, "1.0.1"), JarEdit.version(jar, "1.0.2")});
    }
    Random random = new Random(SEED);
    try (TwoDomains domains = begin()) {
      Held settled = null;
      long began = System.nanoTime();
      for (int round = 1; round <= REPLACEMENTS; round++) {
        for (Map.Entry<String, byte[][]> bundle : versions.entrySet()) {
          assertEquals(StopReason.LIMIT, domains.runFor(1 + random.nextLong(MILLISECOND)), domains::toString);
          Change done = product.change().replace(bundle.getKey(), new ByteArrayInputStream(bundle.getValue()[round % 2]));
          assertTrue(done.done() && done.devices() > 0, done::toString);
        }
        if (round == SETTLED) {
          settled = Held.now();
        }
        if (round % STEP == 0) {
          System.out.printf("round %d at %.0f s: %s%n", round, (System.nanoTime() - began) / 1e9, Held.now());
        }
      }
      Held.now().assertNoMoreThan(settled);
      check(domains);
    }
  }

  private void busy() throws IOException {
    try (TwoDomains domains = begin()) {
      long began = System.nanoTime();
      long end = began + TimeUnit.MINUTES.toNanos(BUSY_MINUTES);
      List<Held> held = new ArrayList<>();
      for (int part = 1; part <= 6; part++) {
        while (System.nanoTime() < began + (end - began) * part / 6) {
          assertEquals(StopReason.LIMIT, domains.runFor(100 * MILLISECOND), domains::toString);
        }
        held.add(Held.now());
        System.out.printf("%.0f s, %.1f virtual s: %s%n", (System.nanoTime() - began) / 1e9, domains.machine().now() / 1e9, held.getLast());
      }
      // An engine translates what becomes hot for some minutes.
      held.getLast().assertNoMoreThan(held.get(held.size() / 2 - 1));
      check(domains);
    }
  }

  private static TwoDomains begin() throws IOException {
    TwoDomains domains = TwoDomains.resume();
    for (int i = 0; i < LOAD.size(); i++) {
      domains.type(i, LOAD.get(i));
    }
    return domains;
  }

  private static void check(TwoDomains domains) {
    for (int i = 0; i < LOAD.size(); i++) {
      String text = domains.console(i).text();
      assertFalse(text.contains("wrong"), domains::toString);
      KernelLog.assertClean(text);
    }
    assertEquals(null, domains.machine().events().get("model-failed"), domains::events);
    assertEquals(null, domains.machine().events().get("bundle-leaks"), domains::events);
  }
}
