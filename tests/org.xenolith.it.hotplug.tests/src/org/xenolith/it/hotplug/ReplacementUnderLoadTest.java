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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReservation;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.GuestSetup;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Every model bundle and the CPU engine replaced again and again while Debian checks its disk. The versions' records are of forms that
 * differ from the build's and from one another ({@link RecordForm}).
 */
@FullLane
class ReplacementUnderLoadTest {
  private static final long SEED = 20261120;
  private static final int DISK_BYTES = 64 << 20;
  private static final int CHUNK_KIB = 1024;
  private static final int LINES = Lane.full() ? 64 : 32;
  /** The hundred are the full lane's; the default one has fewer, and less for the guest to do meanwhile. */
  private static final int ROUNDS = Lane.full() ? 100 : 40;
  /** Rounds after which everything that is made once is there. */
  private static final int SETTLED = ROUNDS / 2;
  /** What the other board has. */
  private static final List<String> OTHER_BOARD =
      List.of("org.xenolith.firmware.spintable", "org.xenolith.hw.gicv3", "org.xenolith.hw.ns16550");
  /** An open disk stays with the version that opened it, and a CPU's state is not the engine's. */
  private static final List<String> WITHOUT_RECORD = List.of("org.xenolith.block.raw", "org.xenolith.cpu.a64.regions",
      "org.xenolith.cpu.a64.machinecode");
  private static final long SPIN_TABLE = 0x4000_0000L + GuestSetup.MEMORY - 0x1000;
  private static final long SECOND_UART = 0x0904_0000;
  private static final int STEPS = Lane.full() ? 48 : 24;
  private static final String LOOP = "i=0; while [ $i -lt " + STEPS + " ]; do i=$((i+1)); echo $i >/dev/ttyS0; busybox md5sum /bin/busybox "
      + ">/dev/null & dd if=/dev/vda bs=256k count=1 skip=$((i%16)) iflag=direct 2>/dev/null | md5sum; wait; echo step $i.; done;"
      + " echo finis''hed\n";
  private static final long HEAP_SLACK = 16L << 20;
  /** An engine loads its some 300 classes as the guest needs them: one that was just put in has hardly any. A leak has them fifty times. */
  private static final int CLASSES_SLACK = 450;
  private static final long METASPACE_SLACK = 5L << 20;

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  /** The models that a board with a GICv2 has, the engine, and the disk's format. */
  @Test
  void guestSeesNothingOfReplacementsOfEveryBundle() throws Exception {
    System.out.println("seed " + SEED);
    RandomDisk disk = new RandomDisk(SEED, DISK_BYTES);
    GuestSetup request = GuestSetup.debian("xl.disk xl.lines=" + LINES + " xl.chunk=" + CHUNK_KIB)
        .with(disk.write(folder.resolve("disk.raw")));
    String console;
    String digest;
    long instructions;
    try (GuestMachine undisturbed = request.boot()) {
      long began = System.nanoTime();
      assertEquals(StopReason.POWER_OFF, undisturbed.run(), undisturbed::events);
      console = undisturbed.console().text();
      digest = undisturbed.machine().digest();
      instructions = undisturbed.machine().instructions();
      System.out.printf("undisturbed: %d instructions in %.1f s%n", instructions, (System.nanoTime() - began) / 1e9);
    }
    disk.check(console, LINES, CHUNK_KIB << 10);
    KernelLog.assertClean(console);

    try (GuestMachine changed = request.boot()) {
      changed.runUntil("LINE 1 ");
      changed.begin();
      Map<String, List<Long>> downtimes = replaceAll(changed, product.providers().stream()
          .filter(p -> WITHOUT_RECORD.contains(p) || serves(changed, p)).toList());
      changed.console().await("LINE " + LINES + " ", 0);
      assertEquals(StopReason.POWER_OFF, changed.end(), changed::events);
      report(downtimes);
      disk.check(changed.console().text(), LINES, CHUNK_KIB << 10);
      KernelLog.assertClean(changed.console().text());
      assertEquals(console, changed.console().text());
      assertEquals(instructions, changed.machine().instructions());
      assertEquals(digest, changed.machine().digest());
    }
  }

  /** Whether the machine has a device of a bundle: buses and what is on them are {@link PciDiskTest}'s. */
  private static boolean serves(GuestMachine guest, String bundle) {
    return guest.machine().devices().stream().anyMatch(device -> device.bundle().equals(bundle));
  }

  /** Two CPUs, one held by a spin-table, a GICv3 and a second UART of another make; a shell loop keeps all of them busy. */
  @Test
  void guestOnTwoCpusSeesNothingEither() throws Exception {
    System.out.println("seed " + SEED);
    RandomDisk disk = new RandomDisk(SEED, 4 << 20);
    GuestSetup request = GuestSetup.debian("xl.disk xl.shell").on(3, 2).with(ReplacementUnderLoadTest::otherBoard)
        .with(disk.write(folder.resolve("disk.raw")));
    Path shell = folder.resolve("shell");
    try (GuestMachine booted = request.boot()) {
      booted.runUntil(ShellGuest.PROMPT);
      assertTrue(booted.console().text().contains("Brought up 1 node, 2 CPUs"), () -> booted.console().text());
      KernelLog.assertClean(booted.console().text());
      booted.machine().save(shell);
    }
    String console;
    String digest;
    GuestConsole second = new GuestConsole();
    try (GuestMachine undisturbed = resume(request, shell, second)) {
      long began = System.nanoTime();
      long before = undisturbed.machine().instructions();
      undisturbed.runUntil("finished\n");
      console = undisturbed.console().text();
      digest = undisturbed.machine().digest();
      System.out.printf("undisturbed: %d instructions in %.1f s%n", undisturbed.machine().instructions() - before,
          (System.nanoTime() - began) / 1e9);
    }
    checkLoop(console, second.text(), disk);

    GuestConsole changedSecond = new GuestConsole();
    try (GuestMachine changed = resume(request, shell, changedSecond)) {
      changed.console().when("finished\n", changed.machine()::stop);
      changed.begin();
      changed.console().await("step 1.", 0);
      List<String> bundles = new ArrayList<>(OTHER_BOARD);
      bundles.addAll(List.of(product.engine(), "org.xenolith.hw.timer"));
      Map<String, List<Long>> downtimes = replaceAll(changed, bundles);
      assertEquals(StopReason.STOPPED, changed.end(), changed::events);
      report(downtimes);
      assertEquals(console, changed.console().text());
      assertEquals(second.text(), changedSecond.text());
      assertEquals(digest, changed.machine().digest());
    }
  }

  private static Fdt otherBoard(Fdt virt) {
    Fdt reserved = new Fdt(virt.bootCpuid(), List.of(new FdtReservation(SPIN_TABLE, 0x1000)), virt.root());
    FdtNode uart = new FdtNode("serial@9040000", List.of(FdtProperty.ofStrings("compatible", "ns16550a"),
        FdtProperty.ofU64("reg", SECOND_UART, 0x1000), FdtProperty.ofCells("interrupts", 0, 9, 4),
        FdtProperty.ofCells("clock-frequency", 1_843_200)), List.of());
    return reserved.edit("/", root -> root.withChild(uart)).edit("/cpus/cpu@1", cpu -> cpu
        .withProperty(FdtProperty.ofStrings("enable-method", "spin-table"))
        .withProperty(FdtProperty.ofU64("cpu-release-addr", SPIN_TABLE)));
  }

  private static GuestMachine resume(GuestSetup request, Path snapshot, GuestConsole second) throws IOException {
    GuestMachine guest = request.build();
    guest.machine().restore(snapshot);
    guest.machine().port("/serial@9040000", SerialPort.class).connect(second);
    guest.type(LOOP);
    return guest;
  }

  /** The second UART has each number once, the first each sum of the disk's pieces. */
  private static void checkLoop(String console, String second, RandomDisk disk) {
    StringBuilder numbers = new StringBuilder();
    for (int i = 1; i <= STEPS; i++) {
      numbers.append(i).append('\n');
      int piece = i % 16;
      assertTrue(console.contains(disk.md5(piece * 262_144, 262_144) + "  -\nstep " + i + ".\n"), () -> console);
    }
    assertEquals(numbers.toString(), second);
    KernelLog.assertClean(console);
  }

  /** Replaces every bundle as often as asked, two versions in turn, while the machine runs; the last has the build's records. */
  private Map<String, List<Long>> replaceAll(GuestMachine guest, List<String> bundles) throws IOException {
    Map<String, byte[][]> versions = new LinkedHashMap<>();
    for (String name : bundles) {
      byte[] jar = product.jar(name);
      versions.put(name, new byte[][] {JarEdit.version(jar, "1.0.1", RecordForm.FIRST),
          JarEdit.version(jar, "1.0.2", RecordForm.SECOND)});
      RecordForm.forget(name);
    }
    Map<String, List<Long>> downtimes = new LinkedHashMap<>();
    Footprint settled = null;
    long began = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, byte[][]> bundle : versions.entrySet()) {
        assertTrue(guest.running(), () -> "the guest's work ended before the replacements; console:\n" + guest.console().text());
        Change done = product.change().replace(bundle.getKey(), new ByteArrayInputStream(bundle.getValue()[round % 2]));
        assertTrue(done.done(), done::toString);
        assertEquals("1.0." + (1 + round % 2), done.version());
        downtimes.computeIfAbsent(bundle.getKey() + " (" + done.devices() + ")", n -> new ArrayList<>()).add(done.hostNanoseconds());
      }
      if (round + 1 == SETTLED) {
        settled = Footprint.now();
      }
      if ((round + 1) % 20 == 0) {
        System.out.printf("round %d at %.1f s, line %s: %s%n", round + 1, (System.nanoTime() - began) / 1e9,
            guest.console().text().replaceAll("(?s).*(?:LINE|step) (\\d+).*", "$1"), Footprint.now());
      }
    }
    for (String name : bundles) {
      Change last = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.3",
          RecordForm.ORIGINAL)));
      assertTrue(last.done(), last::toString);
    }
    assertEquals(WITHOUT_RECORD.stream().filter(bundles::contains).toList(),
        bundles.stream().filter(name -> !"second".equals(RecordForm.last(name, "added"))).toList(), "their records differed");
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
