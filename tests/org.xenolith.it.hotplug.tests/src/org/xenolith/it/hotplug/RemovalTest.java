// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.GuestSetup;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Hardware that goes away under Debian, and comes back. */
class RemovalTest {
  private static final String READ = "dd if=/dev/vda bs=64k count=1 skip=%d iflag=direct 2>/dev/null | md5sum";
  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;
  private final RandomDisk content = new RandomDisk(1, 1 << 20);
  private Path disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = content.write(folder.resolve("disk.raw"));
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void remove(String bundle) {
    Change done = product.change().remove(bundle);
    assertTrue(done.done(), done::toString);
    assertEquals("", done.version());
    assertFalse(product.change().installed(bundle), bundle);
  }

  private void add(String bundle) throws IOException {
    Change done = product.change().add(new ByteArrayInputStream(product.jar(bundle)));
    assertTrue(done.done(), done::toString);
    assertTrue(done.devices() > 0, done::toString);
  }

  @Test
  void removedClockReadsAllOnesAndComesBackWithTheRightDate() throws IOException {
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      String before = guest.command("hwclock -u");
      assertTrue(before.matches("Thu Jan  1 00:00:\\d\\d 2026  0.000000 seconds\n"), before);
      remove("org.xenolith.hw.pl031");
      assertEquals("", model(guest, "/pl031@9010000"));
      // 2³² - 1 seconds after 1970 began.
      assertEquals("Sun Feb  7 06:28:15 2106  0.000000 seconds\n", guest.command("hwclock -u"));
      guest.command("sleep 100");
      add("org.xenolith.hw.pl031");
      assertEquals("PL031", model(guest, "/pl031@9010000"));
      String after = guest.command("hwclock -u");
      assertTrue(after.matches("Thu Jan  1 00:01:[45]\\d 2026  0.000000 seconds\n"), after);
      assertEquals(1, (long) guest.machine().events().get("model-removed"));
      assertEquals(1, (long) guest.machine().events().get("model-added"));
      KernelLog.assertClean(guest.command("dmesg"));
    }
  }

  /** Said at the root, it holds for every bus below. */
  @Test
  @FullLane
  void accessToARemovedClockAbortsWhereTheBusIsSaidTo() throws IOException {
    try (GuestMachine guest = GuestSetup.debian("xl.shell").with("/", "removed", "abort").boot()) {
      guest.runUntil(ShellGuest.PROMPT);
      remove("org.xenolith.hw.pl031");
      guest.type("hwclock -u\n");
      guest.runUntil("Internal error: synchronous external abort");
      guest.runUntil("pl031_read_time");
    }
  }

  @Test
  @FullLane
  void modelCanLoadItsClassesWhileItIsRemoved() throws IOException {
    String source = """
        package org.xenolith.hw.pl031;
        import org.xenolith.machine.api.*;
        import org.xenolith.regs.DeviceState;
        public final class Pl031Component implements DeviceModelFactory {
          static final class Late {
            static String word() { return "goodbye"; }
          }
          public ModelDescription description() {
            return new ModelDescription("PL031", "parts", "none", java.util.List.of(
                new ModelDescription.Option("epoch-seconds", ModelDescription.Type.INTEGER, "1", "seconds", false)));
          }
          public DeviceModel create(DeviceContext context) {
            DeviceModel clock = new Pl031(context);
            return new DeviceModel() {
              public DeviceState state() { return clock.state(); }
              public void reset() { clock.reset(); }
              public void restored() { clock.restored(); }
              public void removed() { context.events().report(Late.word(), context.instance(), ""); }
            };
          }
        }
        """;
    byte[] jar = JarCompiler.with(product.jar("org.xenolith.hw.pl031"), "org.xenolith.hw.pl031.Pl031Component", source)
        .version("1.0.3").bytes();
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      Change replaced = product.change().replace("org.xenolith.hw.pl031", new ByteArrayInputStream(jar));
      assertTrue(replaced.done(), replaced::toString);
      remove("org.xenolith.hw.pl031");
      assertEquals(1, guest.machine().events().get("goodbye"), guest::events);
      assertEquals(null, guest.machine().events().get("model-failed"), guest::events);
    }
  }

  @Test
  @FullLane
  void clockThatCannotBeMadeStaysAwayUntilAnotherVersionCan() throws IOException {
    for (String fault : List.of("create throws", "create throws an error", "create gives nothing", "its state has a field too many")) {
      try (GuestMachine guest = ShellGuest.resume(disk)) {
        remove("org.xenolith.hw.pl031");
        byte[] broken = BrokenVersions.ofClock(product.jar("org.xenolith.hw.pl031")).all().get(fault);
        Change added = product.change().add(new ByteArrayInputStream(broken));
        assertEquals(0, added.devices(), fault);
        assertEquals("", model(guest, "/pl031@9010000"), fault);
        assertEquals(1, (long) guest.machine().events().get("model-refused"), fault);
        assertEquals("Sun Feb  7 06:28:15 2106  0.000000 seconds\n", guest.command("hwclock -u"), fault);
        Change mended = product.change().replace("org.xenolith.hw.pl031",
            new ByteArrayInputStream(product.jar("org.xenolith.hw.pl031")));
        assertTrue(mended.done(), mended::toString);
        assertTrue(guest.command("hwclock -u").contains(" 2026 "), fault);
      }
    }
  }

  @Test
  @FullLane
  void readersOfARemovedDiskWaitUntilItIsBack() throws IOException {
    vanish("org.xenolith.hw.virtio.blk", GuestSetup.DISK_NODE + "#virtio:2");
  }

  @Test
  @FullLane
  void readersOfADiskWithoutATransportWaitUntilItIsBack() throws IOException {
    vanish("org.xenolith.hw.virtio.mmio", GuestSetup.DISK_NODE);
  }

  /** Takes the bundle away at rest and while a request is under way; nobody gets a wrong or no answer in the end. */
  private void vanish(String bundle, String instance) throws IOException {
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      assertEquals(sum(0), guest.command(READ.formatted(0)));
      remove(bundle);
      assertEquals("", model(guest, instance));
      assertEquals("waited\n", guest.command("(" + READ.formatted(1) + " >/one &); sleep 2; echo waited"));
      assertEquals("", guest.command("cat /one"));
      add(bundle);
      assertEquals(sum(2), guest.command(READ.formatted(2)));
      assertEquals(sum(1), guest.command("sleep 1; cat /one"));

      guest.type(READ.formatted(3) + "\n");
      guest.runUntilTheDiskIsRead();
      remove(bundle);
      assertEquals(StopReason.LIMIT, guest.runFor(1000));
      assertFalse(guest.console().text().contains(sum(3)));
      add(bundle);
      guest.runUntil(sum(3) + ShellGuest.PROMPT);
      KernelLog.assertClean(guest.command("dmesg"));
    }
  }

  private String sum(int piece) {
    return content.md5(piece * 65536, 65536) + "  -\n";
  }

  @Test
  void guestWaitsForItsRemovedConsoleAndNothingTypedIsLost() throws IOException {
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      guest.command("date");
      remove("org.xenolith.hw.pl011");
      int before = guest.console().length();
      guest.type("echo he''llo\n");
      assertEquals(StopReason.LIMIT, guest.runFor(2000));
      assertEquals("", guest.console().text().substring(before).replace("\u001b[6n", ""));
      add("org.xenolith.hw.pl011");
      guest.runUntil("\nhello\n" + ShellGuest.PROMPT);
      assertEquals("again\n", guest.command("echo again"));
      KernelLog.assertClean(guest.command("dmesg"));
    }
  }

  @Test
  @FullLane
  void machineWithoutAnEngineStandsStillAndGoesOnAsIfNothingHadBeen() throws Exception {
    String digest;
    String console;
    try (GuestMachine undisturbed = ShellGuest.resume(disk)) {
      undisturbed.command(READ.formatted(3));
      digest = undisturbed.machine().digest();
      console = undisturbed.console().text();
    }
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      guest.type(READ.formatted(3) + "\n");
      guest.runFor(1);
      guest.console().when(ShellGuest.PROMPT, guest.machine()::stop);
      remove("org.xenolith.cpu.a64.machinecode");
      remove("org.xenolith.cpu.a64.regions");
      remove("org.xenolith.cpu.a64.interpreter");
      long instructions = guest.machine().instructions();
      long now = guest.machine().now();
      guest.begin();
      Thread.sleep(200);
      assertTrue(guest.running());
      guest.machine().post(() -> {
        assertEquals(instructions, guest.machine().instructions());
        assertEquals(now, guest.machine().now());
      });
      add("org.xenolith.cpu.a64.interpreter");
      assertEquals(StopReason.STOPPED, guest.end());
      assertEquals(console, guest.console().text());
      assertEquals(digest, guest.machine().digest());
      assertEquals(null, guest.machine().events().get("action-failed"), guest::events);
    }
  }

  private static String model(GuestMachine guest, String instance) {
    return guest.machine().devices().stream().filter(d -> d.instance().equals(instance)).findFirst().orElseThrow().model();
  }
}
