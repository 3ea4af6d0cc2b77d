// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.DiskPrograms;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.StubbornReader;
import org.xenolith.it.hotplug.OwnFirmwareMachine.Way;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Each layer of our own firmware that any bundle brings is replaced in the middle of its calls and between them, goes and comes back in the middle of reads, and is saved in the middle of
 * a call; over each way to a disk. The full lane does each fifty times, and all ways.
 */
@FullLane
class OwnFirmwareChangeTest {
  private static final int TIMES = Lane.full() ? 50 : 1;
  private static final int SLICES = Lane.full() ? 4000 : 300;
  private static final int SNAPSHOTS = Lane.full() ? 100 : 2;
  private static final int EVERY = 400;
  /** So many times it is looked for a layer in a call: to ask for units at 64 targets takes millions of instructions. */
  private static final int LOOKS = 12_000;
  /** From one notification to the next, in 100 ns: half a millisecond, which a PV disk's reads take for several; and 6 ms. */
  private static final int OFTEN = 5000;
  private static final int SELDOM = 60_000;
  /** Layers that no trap here finds in a call, by why: their functions neither wait nor touch anything, or another test has them in one. */
  private static final Map<String, String> NEVER_IN_A_CALL = Map.ofEntries(Map.entry("efi.xenio.fdt",
      "publishes what the device tree says, at once"),
      Map.entry("efi.hii", "looks into memory, at once"),
      Map.entry("efi.collation", "compares texts, at once"),
      Map.entry("efi.devicepath", "asks for memory only"),
      Map.entry("efi.pl011", "posts what it writes, and nobody here reads"),
      Map.entry("efi.virtionet", "OwnFirmwareNetTest"),
      Map.entry("efi.xenpvnet", "OwnFirmwareDomUNetTest"),
      Map.entry("efi.xenio.pci", "OwnFirmwareXenIoPciTest"),
      Map.entry("efi.xenio.pvh", "PvhFirmwareTest"),
      Map.entry("efi.ns16550", "OwnFirmwareBoardsChangeTest"),
      Map.entry("efi.pci.xgene", "OwnFirmwareBoardsChangeTest"));

  /** Ways that have each layer in a call, and those of the full lane. */
  private static final Way[] WAYS = Lane.full() ? Way.values() : new Way[] {Way.MMIO, Way.SCSI, Way.PV};

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();
  private final Set<String> seen = new TreeSet<>();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void replace(String bundle, int round) throws IOException {
    Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + round
        % 2))));
    assertTrue(done.done(), done::reason);
  }

  @Test
  void layersAreReplacedAndSavedInTheMiddleOfTheirCalls() throws IOException {
    for (Way way : WAYS) {
      replacedAndSaved(way);
    }
    Set<String> missing = new TreeSet<>(OwnFirmwareMachine.layers().keySet());
    missing.removeAll(seen);
    missing.removeAll(NEVER_IN_A_CALL.keySet());
    assertEquals(Set.of(), missing, "no machine of OwnFirmwareMachine.Way has these layers in a call: give one a device that they serve,"
        + " or say in NEVER_IN_A_CALL why there can be none");
  }

  private void replacedAndSaved(Way way) throws IOException {
    Path disk = DiskPrograms.reader(Files.createDirectories(folder.resolve(way.name())));
    long end;
    String expected;
    String digest;
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(way, disk, true)) {
      machine.runUntil(DiskPrograms.READ_ALL, 1);
      end = machine.guest().machine().instructions() + 2000;
    }
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(way, disk, true)) {
      machine.runTo(end);
      expected = machine.text();
      digest = machine.guest().machine().digest();
    }
    Map<String, String> layers = OwnFirmwareMachine.layers();
    Map<String, Integer> during = new TreeMap<>();
    Map<String, Integer> between = new HashMap<>();
    List<Path> saved = new ArrayList<>();
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(way, disk, true)) {
      for (int slice = 1; slice < SLICES; slice++) {
        machine.runTo(end / SLICES * slice);
        Set<String> open = machine.open();
        open.retainAll(layers.keySet());
        boolean isNew = !during.keySet().containsAll(open);
        if (isNew && saved.size() < SNAPSHOTS) {
          saved.add(folder.resolve(way + "-" + slice));
          machine.guest().save(saved.getLast());
        }
        for (Map.Entry<String, String> layer : layers.entrySet()) {
          Map<String, Integer> counts = open.contains(layer.getKey()) ? during : between;
          int count = counts.merge(layer.getKey(), 1, Integer::sum);
          if (count <= TIMES) {
            replace(layer.getValue(), count);
          }
        }
      }
      machine.runTo(end);
      assertEquals(expected, machine.text());
      assertEquals(digest, machine.guest().machine().digest(), way::toString);
      assertFalse(machine.guest().events().contains("model-failed"), machine::tail);
    }
    seen.addAll(during.keySet());
    for (Path snapshot : saved) {
      try (OwnFirmwareMachine machine = OwnFirmwareMachine.load(way, snapshot)) {
        machine.runTo(end);
        assertEquals(digest, machine.guest().machine().digest(), snapshot::toString);
      }
    }
    System.out.println(way + ": replaced in the middle of calls (slices that found it there) " + during + ", snapshots " + saved.size());
  }

  /** A call that is open ends with an error, which the program meets by connecting the drivers again; nothing is lost, and no model has failed. */
  @TestFactory
  List<DynamicTest> layersGoAndComeBackInTheMiddleOfReads() {
    return List.of(Lane.full() ? Way.values() : new Way[] {Way.MMIO}).stream().map(way -> dynamicTest(way.name(),
        () -> goAndComeBack(way))).toList();
  }

  private void goAndComeBack(Way way) throws IOException {
    Set<String> gone = new TreeSet<>();
    Path place = Files.createDirectories(folder.resolve("gone" + way));
    goAndComeBack(way, StubbornReader.disk(place, way.root, StubbornReader.WITHOUT_END), gone);
    assertTrue(gone.contains(way.leaf), gone::toString);
    // Those above the blocks are in a call while drivers are connected. No notification function does that here: it would free what the program is about to call.
    goAndComeBack(way, StubbornReader.connecting(place, way.root, StubbornReader.WITHOUT_END), gone);
    assertTrue(gone.containsAll(Set.of("efi.diskio", "efi.partition", "efi.fat")), gone::toString);
    System.out.println(way + ": gone and back in the middle of reads: " + gone);
  }

  private void goAndComeBack(Way way, Path disk, Set<String> gone) throws IOException {
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(way, disk, false)) {
      machine.runUntil(StubbornReader.READ, 2);
      for (Map.Entry<String, String> layer : OwnFirmwareMachine.layers().entrySet()) {
        boolean wanted = !layer.getKey().equals("efi.manager") && !gone.contains(layer.getKey());
        for (int i = 0; wanted && i < (Lane.full() ? 5 : 1); i++) {
          if (!machine.runUntil(() -> machine.open().contains(layer.getKey()), EVERY, LOOKS)) {
            break;
          }
          gone.add(layer.getKey());
          Change removed = product.change().remove(layer.getValue());
          assertTrue(removed.done(), removed::reason);
          machine.guest().runFor(20);
          Change added = product.change().add(new ByteArrayInputStream(product.jar(layer.getValue())));
          assertTrue(added.done(), added::reason);
          machine.runUntil(StubbornReader.READ, machine.lines(StubbornReader.READ) + 3);
        }
      }
      assertFalse(machine.guest().events().contains("model-failed"), machine::tail);
    }
  }

  /** A timer's notification function has all drivers leave and come back, whatever the program is doing; one at a higher level can't while a read waits. */
  @TestFactory
  List<DynamicTest> driversAreReconnectedFromANotificationFunctionWhileReadsWait() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Way way : Lane.full() ? Way.values() : new Way[] {Way.MMIO}) {
      for (int level : new int[] {8, 16}) {
        tests.add(dynamicTest(way + " at " + level, () -> reconnected(way, level)));
      }
    }
    return tests;
  }

  private void reconnected(Way way, int level) throws IOException {
    // To look for units at 64 targets takes longer than it is from one notification to the next that the other ways have: nothing would be read.
    Path disk = StubbornReader.interrupted(Files.createDirectories(folder.resolve(way + "-" + level)), way.root, Lane.full() ? 1000 : 300,
        level, way == Way.SCSI ? SELDOM : OFTEN);
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(way, disk, false)) {
      machine.runUntil(StubbornReader.READ, 1);
      machine.runUntil(StubbornReader.ENOUGH, 1);
      String events = machine.guest().events();
      assertFalse(events.contains("model-failed") || events.contains("used no more"), machine::tail);
      // A back end answers at once: nobody waits for it. Who waits for a SCSI host does so at 16 (UEFI 2.10, 15.7), so nothing comes between.
      assertTrue(level == 8 || way == Way.PV || way == Way.SCSI || events.contains(
          "in the middle of what somebody has asked for; it stays"), machine::tail);
    }
  }

  /**
   * Notifications come faster than drivers are connected, so the timer's interrupt comes at any instruction: also at those between an answer of the firmware
   * and where the stack ends below what it has left there. A device that isn't told of a request doesn't answer it.
   */
  @Test
  @FullLane
  void whatTheFirmwareLeavesBelowTheStackSurvivesInterrupts() throws IOException {
    Path disk = StubbornReader.interrupted(folder, Way.SCSI.root, StubbornReader.WITHOUT_END, 8, OFTEN);
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(Way.SCSI, disk, false)) {
      machine.guest().runFor(11_000);
      assertEquals("", machine.guest().events(), machine::tail);
    }
  }

  /** What comes from outside while a layer is in a call comes there again when it is replayed. */
  @Test
  void theJournalOfARunIsReplayedToTheSameDigest() throws IOException {
    Path disk = DiskPrograms.reader(folder);
    Path journal = folder.resolve("run.journal");
    long end;
    String digest;
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(Way.MMIO, disk, true)) {
      machine.guest().machine().record(journal);
      for (String layer : List.of("efi.virtioblk", "efi.diskio", "efi.fat")) {
        assertTrue(machine.runUntil(() -> machine.open().contains(layer), EVERY, LOOKS), machine::tail);
        machine.guest().type("x");
      }
      machine.runUntil(DiskPrograms.READ_ALL, 1);
      end = machine.guest().machine().instructions() + 2000;
      machine.runTo(end);
      digest = machine.guest().machine().digest();
    }
    try (OwnFirmwareMachine machine = OwnFirmwareMachine.launch(Way.MMIO, disk, true)) {
      machine.guest().machine().replay(journal);
      machine.runTo(end);
      assertEquals(digest, machine.guest().machine().digest());
    }
  }
}
