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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Dom0 and two Debian domains, one of them with two CPUs: the same run, saved in its middle or replayed from a journal. */
@FullLane
class DomainJournalTest {
  private static final String ONE = "debian1";
  private static final String TWO = "debian2";
  private static final List<String> REPLACED = List.of("org.xenolith.hyp.blkback", "org.xenolith.hyp.evtchn");
  private static final String LOAD = "xl-serve 5001 1; xl-disk /dev/xvda 1; read a; echo $a-finis''hed";
  private static final String OTHER_LOAD = "xl-fetch 10.0.0.11 5001; xl-disk /dev/xvda 1";
  private static final String DOM0_LOAD = "while :; do dd if=/dev/zero bs=64k count=4 2>/dev/null | md5sum; sleep 0.05; done";

  @TempDir
  static Path work;
  private static Path snapshot;
  private static Path small;

  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() throws IOException {
    DebianDomains debian = DebianDomains.fetched(work);
    small = DomainCycles.config(work, "small", 2, null);
    LaunchRequest request = DebianDomains.dom0().domUs(List.of(debian.domain(ONE, 11, 2, ""), debian.domain(TWO, 12, 1, ""))).build();
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      guest.console(TWO);
      guest.runUntil(ONE, HypervisorGuest.PROMPT);
      guest.runUntil(TWO, HypervisorGuest.PROMPT);
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      guest.run(100);
      snapshot = work.resolve("snapshot");
      guest.save(snapshot);
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    for (String name : REPLACED) {
      replace(name, product.jar(name));
    }
  }

  private void replace(String name, byte[] jar) throws IOException {
    Change done = product.change().replace(name, new ByteArrayInputStream(jar));
    assertTrue(done.done(), done::toString);
  }

  private static HypervisorGuest resume(Path from) {
    HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(from).build());
    guest.console(ONE);
    guest.console(TWO);
    return guest;
  }

  private static void load(HypervisorGuest guest) {
    guest.type(ONE, LOAD);
    guest.type(TWO, OTHER_LOAD);
    guest.typeAtBoard(DOM0_LOAD);
  }

  private static void finish(HypervisorGuest guest) {
    guest.runUntil(ONE, "-finished\n");
  }

  @Test
  void runSavedUnderLoadEndsLikeTheOneThatWasNot() throws IOException {
    String digest;
    String console;
    try (HypervisorGuest whole = resume(snapshot)) {
      load(whole);
      whole.type(ONE, "all");
      finish(whole);
      digest = whole.machine().digest();
      console = whole.console(ONE).text();
      assertTrue(whole.console(TWO).text().contains("XENOLITH-FETCH OK"), whole.console(TWO)::text);
      assertTrue(console.contains("XENOLITH-DISKTEST OK"), console);
    }
    try (HypervisorGuest first = resume(snapshot)) {
      load(first);
      first.type(ONE, "all");
      for (int part = 0; part < 3; part++) {
        first.run(60);
        Path folder = work.resolve("part" + part);
        first.save(folder);
        String before = first.console(ONE).text();
        try (HypervisorGuest second = resume(folder)) {
          assertEquals(first.machine().digest(), second.machine().digest(), "right after it was restored");
          // The default lane has one of them end, saved in the middle of the load.
          if (Lane.full() || part == 1) {
            finish(second);
            assertEquals(console, before + second.console(ONE).text());
            assertEquals(digest, second.machine().digest());
          }
        }
      }
      finish(first);
      assertEquals(digest, first.machine().digest(), "the machine that was saved");
    }
  }

  @Test
  void keysCommandsAndReplacementsAreReplayed() throws Exception {
    Path journal = work.resolve("journal");
    Path image = Files.write(work.resolve("more.img"), new byte[1 << 20]);
    String digest;
    String console;
    try (HypervisorGuest recorded = resume(snapshot)) {
      recorded.machine().record(journal);
      recorded.machine().governor(true);
      recorded.console(ONE).when("-finished\n", recorded.machine()::stop);
      recorded.begin();
      // Nobody says when these come: the host's threads do.
      load(recorded);
      recorded.ask("create " + small);
      recorded.console(TWO).await("XENOLITH-FETCH OK", 0);
      recorded.ask("block-attach debian2 " + image + ",raw,xvdb,rw");
      replace(REPLACED.get(0), JarEdit.version(product.jar(REPLACED.get(0)), "1.0.1"));
      recorded.ask("pause debian2");
      recorded.ask("network-attach small");
      recorded.ask("unpause debian2");
      replace(REPLACED.get(1), JarEdit.version(product.jar(REPLACED.get(1)), "1.0.1"));
      recorded.ask("destroy small");
      recorded.ask("create " + small);
      recorded.console(TWO).await("XENOLITH-DISKTEST OK", 0);
      recorded.console(ONE).await("XENOLITH-DISKTEST OK", 0);
      recorded.ask("block-detach debian2 xvdb");
      recorded.ask("shutdown debian2");
      recorded.type(ONE, "keys");
      recorded.end();
      digest = recorded.machine().digest();
      console = recorded.console(ONE).text();
    }
    List<String> lines = Files.readAllLines(journal);
    assertEquals(9, lines.stream().filter(l -> l.contains(" input tool ")).count(), lines::toString);
    assertEquals(2, lines.stream().filter(l -> l.contains(" replace ")).count(), lines::toString);
    assertTrue(console.contains("keys-finished"), console);

    restoreTheProduct();
    REPLACED.forEach(MarkedCode::forget);
    try (HypervisorGuest replayed = resume(snapshot)) {
      replayed.machine().replay(journal);
      finish(replayed);
      REPLACED.forEach(bundle -> assertEquals("1.0.1", MarkedCode.served(bundle), bundle));
      assertEquals(console, replayed.console(ONE).text());
      assertEquals(digest, replayed.machine().digest());
    }
  }
}
