// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.guest.PcBundles;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Three PVH domains of a PC, with two virtual CPUs each on two CPUs: the same run on each engine, saved in its middle, or replayed from a journal. */
@FullLane
class PvhJournalTest {
  private static final List<String> REPLACED = List.of("org.xenolith.hyp.blkback", "org.xenolith.hyp.evtchn", "org.xenolith.hyp.vlapic",
      "org.xenolith.hw.lapic");
  private static final List<String> LOAD = List.of("date; xl-disk /dev/xvda 1; echo finis''hed",
      "xl-serve 5001 1; xl-disk /dev/xvda 1; echo finis''hed",
      "xl-fetch 10.0.0.11 5001; xl-disk /dev/xvda 1; date; echo finis''hed");
  private static final String END = "finished\n";
  private static final int PATIENCE = 60;
  private static final long TOO_LONG = 120_000_000_000L;
  private static final long PART = 60_000_000;

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path work;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  /** What a run left behind. */
  private record Outcome(List<String> consoles, long time, long instructions, String digest) {
    static Outcome of(TwoDomains domains, List<String> before) {
      List<String> consoles = new ArrayList<>();
      for (int i = 0; i < LOAD.size(); i++) {
        consoles.add(before.get(i) + domains.console(i).text());
      }
      return new Outcome(consoles, domains.machine().now(), domains.machine().instructions(), domains.machine().digest());
    }
  }

  private static void load(TwoDomains domains) {
    domains.stopWhen(END);
    for (int i = 0; i < LOAD.size(); i++) {
      domains.type(i, LOAD.get(i));
    }
  }

  private static Outcome end(TwoDomains domains, List<String> before) {
    assertEquals(StopReason.STOPPED, domains.runFor(TOO_LONG), domains::toString);
    return Outcome.of(domains, before);
  }

  private static Outcome whole(String engine) throws IOException {
    try (TwoDomains domains = TwoDomains.resumeOnPc(engine)) {
      load(domains);
      return end(domains, List.of("", "", ""));
    }
  }

  @Test
  void theRunIsTheSameOnEachEngineAndSavedInItsMiddle() throws IOException {
    Outcome whole = whole("");
    assertTrue(whole.consoles.get(2).contains("XENOLITH-FETCH OK 10.0.0.11:5001"), whole::toString);
    whole.consoles.forEach(console -> assertTrue(console.contains("XENOLITH-DISKTEST OK /dev/xvda mib=1"), whole::toString));
    for (String engine : PcBundles.engines().keySet()) {
      assertEquals(whole, whole(engine), engine);
    }
    try (TwoDomains first = TwoDomains.resumeOnPc("")) {
      load(first);
      for (int part = 0; part < 3; part++) {
        assertEquals(StopReason.LIMIT, first.runFor(PART), first::toString);
        Path snapshot = work.resolve("part" + part);
        first.save(snapshot);
        List<String> before = Outcome.of(first, List.of("", "", "")).consoles;
        try (TwoDomains second = TwoDomains.resumeOnPc(snapshot)) {
          assertEquals(first.machine().digest(), second.machine().digest(), "right after it was restored");
          stopWhenTheRestIs(second, before);
          assertEquals(whole, end(second, before));
        }
      }
      assertEquals(whole, end(first, List.of("", "", "")), "the machine that was saved");
    }
  }

  /** As {@link TwoDomains#stopWhen}, for consoles that have begun elsewhere. */
  private static void stopWhenTheRestIs(TwoDomains domains, List<String> before) {
    int[] left = {(int) before.stream().filter(console -> !console.contains(END)).count()};
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).contains(END)) {
        domains.console(i).when(END, () -> {
          if (--left[0] == 0) {
            domains.machine().stop();
          }
        });
      }
    }
  }

  private void replace(String name) throws IOException {
    Change done = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1")));
    assertTrue(done.done() && done.devices() > 0, done::toString);
  }

  private static String ask(TwoDomains domains, String line) {
    return domains.port(ToolsPort.class).ask(domains.machine(), line, PATIENCE);
  }

  @Test
  void keysCommandsAndReplacementsAreReplayed() throws Exception {
    Path small = DomainCycles.pcConfig(work, "small", 2, null);
    Path journal = work.resolve("journal");
    Outcome recorded;
    try (TwoDomains domains = TwoDomains.resumeOnPc("")) {
      domains.machine().record(journal);
      domains.machine().governor(true);
      domains.stopWhen(END);
      CompletableFuture<StopReason> running = CompletableFuture.supplyAsync(() -> domains.machine().run(new RunLimit(domains.machine().now()
          + TOO_LONG,
          Long.MAX_VALUE)), task -> Thread.ofPlatform().name("machine").start(task));
      // Nobody says when these come: the host's threads do.
      domains.type(1, LOAD.get(1));
      domains.type(2, LOAD.get(2));
      ask(domains, "create " + small);
      for (String name : REPLACED) {
        replace(name);
      }
      ask(domains, "pause debian2");
      ask(domains, "destroy small");
      ask(domains, "unpause debian2");
      domains.console(2).await("XENOLITH-FETCH OK", 0);
      domains.type(0, LOAD.get(0));
      assertEquals(StopReason.STOPPED, running.get(5, TimeUnit.MINUTES), domains::toString);
      recorded = Outcome.of(domains, List.of("", "", ""));
    }
    List<String> lines = Files.readAllLines(journal);
    assertEquals(4, lines.stream().filter(l -> l.contains(" input tool ")).count(), lines::toString);
    assertEquals(REPLACED.size(), lines.stream().filter(l -> l.contains(" replace ")).count(), lines::toString);

    product.restore();
    REPLACED.forEach(MarkedCode::forget);
    try (TwoDomains replayed = TwoDomains.resumeOnPc("")) {
      replayed.machine().replay(journal);
      replayed.stopWhen(END);
      assertEquals(recorded, end(replayed, List.of("", "", "")));
      REPLACED.forEach(bundle -> assertEquals("1.0.1", MarkedCode.served(bundle), bundle));
    }
  }
}
