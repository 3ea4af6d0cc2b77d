// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.PcBundles;
import org.xenolith.it.guest.PcGuest;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Each bundle of a PC taken away under Debian, and put back: what the guest sees meanwhile and afterwards. */
@FullLane
class PcRemovalTest {
  private static final String PREFIX = "org.xenolith.";
  private static final int PIECE = 64 << 10;
  private final InstalledProduct product = InstalledProduct.get();

  /** What is to be seen when a bundle goes and comes. */
  private interface Look {
    void at(GuestMachine guest, String bundle) throws Exception;
  }

  /** By bundle, without the beginning that all have. */
  private final Map<String, Look> looks = new TreeMap<>(Map.ofEntries(
      Map.entry("hw.cmos.rtc", this::aClock), Map.entry("hw.hpet", this::aCounter), Map.entry("hw.acpi.pm", this::theSwitch),
      Map.entry("hw.ns16550", this::theConsole), Map.entry("hw.lapic", this::theTimers), Map.entry("hw.perfmon", this::theMonitors), Map
          .entry("hw.ioapic", this::aDisk),
      Map.entry("hw.virtio.mmio", this::aDisk), Map.entry("hw.virtio.blk", this::aDisk), Map.entry("hw.pcihost.ecam", this::aBus),
      Map.entry("hw.nvme", this::aFunction), Map.entry("cpu.x64.interpreter", this::theEngine),
      Map.entry("cpu.x64.machinecode", this::theEngine), Map.entry("cpu.x64", this::aMaker),
      Map.entry("board.pc", this::aMaker), Map.entry("boot.pvh", this::aMaker), Map.entry("firmware.acpi.pc", this::theTables)));

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void remove(String bundle) {
    Change done = product.change().remove(bundle);
    assertTrue(done.done(), done::toString);
    assertFalse(product.change().installed(bundle), bundle);
  }

  private void add(String bundle) throws IOException {
    Change done = product.change().add(new ByteArrayInputStream(product.jar(bundle)));
    assertTrue(done.done(), done::toString);
  }

  @TestFactory
  List<DynamicTest> whatGoesAndComesIsSeen() throws IOException {
    // Those of the hypervisor, which this machine hasn't, have tests of their own.
    Set<String> bundles = new TreeSet<>(PcBundles.engines().values());
    try (GuestMachine guest = PcGuest.resume()) {
      bundles.addAll(PcBundles.serving(guest.machine()));
    }
    bundles.addAll(PcGuest.making());
    looks.keySet().forEach(name -> bundles.add(PREFIX + name));
    return bundles.stream().map(name -> DynamicTest.dynamicTest(name, () -> {
      Look look = looks.get(name.substring(PREFIX.length()));
      assertTrue(look != null, () -> "nothing here says what is seen without " + name);
      try (GuestMachine guest = PcGuest.resume()) {
        look.at(guest, name);
        assertNull(guest.machine().events().get("model-failed"), guest::events);
      } finally {
        product.restore();
      }
    })).toList();
  }

  /** The date can't be read; afterwards it is right, the time without a clock included. */
  private void aClock(GuestMachine guest, String bundle) throws IOException {
    assertTrue(guest.command("hwclock -u").matches("Thu Jan  1 00:00:0\\d 2026  0.000000 seconds\n"), guest.console()::text);
    remove(bundle);
    assertTrue(guest.command("hwclock -u").endsWith("hwclock: RTC_RD_TIME: Connection timed out\n"), guest.console()::text);
    guest.command("sleep 100");
    add(bundle);
    assertTrue(guest.command("hwclock -u").matches("Thu Jan  1 00:01:4\\d 2026  0.000000 seconds\n"), guest.console()::text);
    KernelLog.assertClean(guest.command("dmesg"));
  }

  /** The counter reads all-ones; afterwards it is as far as if it had never been away. */
  private void aCounter(GuestMachine guest, String bundle) throws IOException {
    String read = "devmem 0xfed000f0 32";
    long period = Long.decode(guest.command("devmem 0xfed00004 32").strip());
    long before = guest.machine().now();
    long first = Long.decode(guest.command(read).strip());
    long between = guest.machine().now();
    remove(bundle);
    assertEquals("0xFFFFFFFF\n", guest.command(read));
    guest.command("sleep 2");
    add(bundle);
    long back = guest.machine().now();
    long second = Long.decode(guest.command(read).strip());
    long after = guest.machine().now();
    // The period is in femtoseconds.
    long passed = (second - first & 0xFFFF_FFFFL) * period / 1_000_000;
    assertTrue(passed >= back - between && passed <= after - before, () -> passed + " ns counted, " + (back - between) + " to "
        + (after - before) + " passed");
    KernelLog.assertClean(guest.command("dmesg"));
  }

  /** The watchdog's counter can't be set up: its registers are refused; afterwards they are there again, and no longer what they were. */
  private void theMonitors(GuestMachine guest, String bundle) throws IOException {
    String watchdog = "/proc/sys/kernel/nmi_watchdog";
    assertEquals("1\n", guest.command("echo 0 >" + watchdog + "; echo 1 >" + watchdog + "; cat " + watchdog));
    KernelLog.assertClean(guest.command("dmesg"));
    remove(bundle);
    guest.command("echo 0 >" + watchdog);
    assertTrue(guest.command("dmesg").contains("unchecked MSR access error: WRMSR to 0x38f"), guest.console()::text);
    add(bundle);
    assertEquals("1\n", guest.command("echo 1 >" + watchdog + "; cat " + watchdog));
    KernelLog.assertClean(guest.command("dmesg"));
  }

  /** By its timer time stands still, as it reads all-ones, and goes on when it is back; without it the guest can't switch the machine off, with it it can. */
  private void theSwitch(GuestMachine guest, String bundle) throws IOException {
    String clock = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    guest.command("echo acpi_pm >" + clock);
    guest.type("for i in 1 2 3; do for j in 1 2; do md5sum /dev/vda >/sum; cut -d' ' -f1 /proc/uptime; done; echo pa''rt $i; done\n");
    guest.runUntil("part 1\n");
    remove(bundle);
    guest.runUntil("part 2\n");
    add(bundle);
    guest.runUntil("part 3\n" + ShellGuest.PROMPT);
    double[] passed = Stream.of(guest.console().text().split("part \\d\n")).filter(part -> part.matches("(?s).*\\d\n[\\d.]+\n"))
        .mapToDouble(
            part -> seconds(part.lines().toList())).toArray();
    assertEquals(3, passed.length, guest.console()::text);
    assertTrue(passed[0] > 0.02 && passed[1] == 0 && passed[2] > 0.02, guest.console()::text);
    guest.command("echo tsc >" + clock);
    remove(bundle);
    guest.type("(sleep 1; poweroff -f) & echo o''ff\n");
    guest.runUntil("off\n");
    StopReason stopped = guest.runFor(1500);
    assertTrue(stopped == StopReason.LIMIT || stopped == StopReason.IDLE, stopped::toString);
    assertTrue(guest.console().text().contains("Power down"), guest.console()::text);
    add(bundle);
    try (GuestMachine other = PcGuest.resume()) {
      remove(bundle);
      other.command("true");
      add(bundle);
      other.type("poweroff -f\n");
      assertEquals(StopReason.POWER_OFF, other.run());
    }
  }

  /** What waits for an interrupt, and what is typed, is there when the line is; what the kernel sends without asking is lost. */
  private void theConsole(GuestMachine guest, String bundle) throws IOException {
    guest.type("(sleep 1; echo wai''ted; sleep 1; echo '<0>lo''st' >/dev/kmsg; sleep 1; echo '<0>fo''und' >/dev/kmsg) &\n");
    guest.runFor(500);
    remove(bundle);
    int from = guest.console().length();
    guest.type("echo he''llo\n");
    guest.runFor(1000);
    assertEquals("", guest.console().text().substring(from));
    add(bundle);
    guest.runUntil("hello\n" + ShellGuest.PROMPT);
    assertTrue(guest.console().text().contains("waited\n"), guest.console()::text);
    assertEquals("again\n", guest.command("echo again"));
    KernelLog.assertClean(guest.command("dmesg"));
    remove(bundle);
    guest.runFor(1000);
    add(bundle);
    guest.runUntil("found\n");
    assertFalse(guest.console().text().substring(from).contains("lost"), guest.console()::text);
  }

  /** Who sleeps isn't woken; afterwards at once, as the time is over, and timers go on. */
  private void theTimers(GuestMachine guest, String bundle) throws IOException {
    guest.type("sleep 1; echo wo''ke\n");
    guest.runFor(500);
    remove(bundle);
    int from = guest.console().length();
    StopReason stopped = guest.runFor(2000);
    assertTrue(stopped == StopReason.LIMIT || stopped == StopReason.IDLE, stopped::toString);
    assertEquals(from, guest.console().length(), guest.console()::text);
    add(bundle);
    guest.runUntil("woke\n" + ShellGuest.PROMPT);
    assertEquals("again\n", guest.command("sleep 0.1; echo again"));
    KernelLog.assertClean(guest.command("dmesg"));
  }

  /** Who reads a disk waits until it, or what tells of its answers, is back. */
  private void aDisk(GuestMachine guest, String bundle) throws IOException {
    String read = "dd if=/dev/vda bs=64k count=1 skip=%d iflag=direct 2>/dev/null | md5sum";
    assertEquals(PcGuest.VIRTIO.md5(0, PIECE) + "  -\n", guest.command(read.formatted(0)));
    guest.type("sleep 1; " + read.formatted(1) + "; echo re''ad\n");
    guest.runFor(500);
    remove(bundle);
    int from = guest.console().length();
    guest.runFor(2000);
    assertEquals("", guest.console().text().substring(from));
    add(bundle);
    guest.runUntil(PcGuest.VIRTIO.md5(PIECE, PIECE) + "  -\nread\n");
    guest.runUntil(ShellGuest.PROMPT);
    assertEquals(PcGuest.VIRTIO.md5(2 * PIECE, PIECE) + "  -\n", guest.command(read.formatted(2)));
    KernelLog.assertClean(guest.command("dmesg"));
  }

  /** Configuration space reads all-ones, and then what it was before. */
  private void aBus(GuestMachine guest, String bundle) throws IOException {
    String config = "od -v -An -tx1 -N 64 /sys/bus/pci/devices/0000:00:01.0/config";
    String before = guest.command(config);
    assertTrue(before.strip().startsWith("36 1b"), before);
    remove(bundle);
    assertTrue(guest.command(config).replaceAll("\\s", "").matches("(ff){64}"), guest.console()::text);
    add(bundle);
    assertEquals(before, guest.command(config));
    assertTrue(guest.command("dd if=/dev/nvme0n1 bs=64k count=1 skip=5 iflag=direct 2>/dev/null | md5sum").startsWith(PcGuest.NVME.md5(5
        * PIECE, PIECE)), guest.console()::text);
    KernelLog.assertClean(guest.command("dmesg"));
  }

  /** The function is gone from its bus, and there again. */
  private void aFunction(GuestMachine guest, String bundle) throws IOException {
    aBus(guest, bundle);
  }

  /** Between the two times that the last lines are. */
  private static double seconds(List<String> lines) {
    return Double.parseDouble(lines.getLast()) - Double.parseDouble(lines.get(lines.size() - 2));
  }

  /** Without any nothing happens, and no time goes by; with this one the run goes on as if nothing had been. */
  private void theEngine(GuestMachine guest, String bundle) throws Exception {
    if (!PcBundles.engines().containsValue(bundle)) {
      System.out.println("this host can't have the engine of " + bundle);
      remove(bundle);
      guest.command("true");
      return;
    }
    String work = "md5sum /dev/vda /dev/nvme0n1; hwclock -u; echo do''ne\n";
    String console;
    String digest;
    try (GuestMachine undisturbed = PcGuest.resume()) {
      undisturbed.type(work);
      undisturbed.runUntil("done\n");
      console = undisturbed.console().text();
      digest = undisturbed.machine().digest();
    }
    guest.type(work);
    guest.runFor(5);
    guest.console().when("done\n", guest.machine()::stop);
    // A bundle may have more than one.
    Set.copyOf(PcBundles.engines().values()).forEach(this::remove);
    long instructions = guest.machine().instructions();
    long now = guest.machine().now();
    guest.begin();
    Thread.sleep(200);
    assertTrue(guest.running());
    guest.machine().post(() -> {
      assertEquals(instructions, guest.machine().instructions());
      assertEquals(now, guest.machine().now());
    });
    add(bundle);
    assertEquals(StopReason.STOPPED, guest.end());
    assertEquals(console, guest.console().text());
    assertEquals(digest, guest.machine().digest());
    assertNull(guest.machine().events().get("action-failed"), guest::events);
  }

  /** A guest that runs sees nothing; no other machine can be made until it is back. */
  private void aMaker(GuestMachine guest, String bundle) throws IOException {
    String work = "md5sum /dev/vda";
    String digest;
    try (GuestMachine undisturbed = PcGuest.resume()) {
      undisturbed.command(work);
      digest = undisturbed.machine().digest();
    }
    remove(bundle);
    guest.command(work);
    assertEquals(digest, guest.machine().digest());
    RuntimeException refused = assertThrows(RuntimeException.class, () -> PcGuest.another().close());
    System.out.println("without " + bundle + ": " + refused.getMessage());
    add(bundle);
    try (GuestMachine other = PcGuest.another()) {
      assertEquals(StopReason.LIMIT, other.runFor(5));
    }
  }

  /** A guest that runs sees nothing; another one finds no tables, and gets nowhere, until they are back. */
  private void theTables(GuestMachine guest, String bundle) throws IOException {
    String count = "cat /sys/devices/system/cpu/online; ls /sys/firmware/acpi/tables/APIC";
    String two = "0-1\n/sys/firmware/acpi/tables/APIC\n";
    assertEquals(two, guest.command(count));
    remove(bundle);
    assertEquals(two, guest.command(count));
    try (GuestMachine other = PcGuest.another()) {
      assertEquals(StopReason.IDLE, other.run());
      assertTrue(other.console().text().contains("A valid RSDP was not found"), other.console()::text);
    }
    add(bundle);
    try (GuestMachine other = PcGuest.another()) {
      other.runUntil(ShellGuest.PROMPT);
      assertEquals(two, other.command(count));
    }
  }
}
