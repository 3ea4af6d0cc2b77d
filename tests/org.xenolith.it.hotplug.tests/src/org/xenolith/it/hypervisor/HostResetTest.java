// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Dom0's reboot is the host's: hypervisor, Dom0 and the domains of the launch are there again. A domain's own reboot is the domain's. */
@FullLane
class HostResetTest {
  private static final String GUEST = "guest";
  /** What Debian's first program writes when it is up, before its shell. */
  private static final String MARKER = "XENOLITH-MARKER up";
  private static final String WORDS = "quiet cryptomgr.notests";

  @TempDir
  private static Path folder;

  /** A board, and who executes it. */
  private record Board(int gic, int cpus) {
    @Override
    public String toString() {
      return "GICv" + gic + ", " + cpus + (cpus == 1 ? " CPU" : " CPUs");
    }
  }

  @TestFactory
  List<DynamicTest> dom0sRebootIsTheHosts() {
    return Stream.of(new Board(3, 4), new Board(2, 1), new Board(2, 4), new Board(3, 1))
        .filter(board -> Lane.full() || board.gic == 3 && board.cpus == 4)
        .map(board -> DynamicTest.dynamicTest(board.toString(), () -> {
          String digest = reboots(board, "");
          if (Lane.full()) {
            assertEquals(reboots(board, "interpreter"), digest);
          }
        })).toList();
  }

  private static String reboots(Board board, String engine) throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").boardOption("gic", "" + board.gic).cpus(board.cpus).memory(768L << 20)
        .option("dom0-memory", "256M").guest("debian").append(WORDS + " xl.shell").domUs(List.of(domain())).engine(engine)
        .bootsAgain(true).build();
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      up(guest, 0);
      String first = facts(guest);

      // The domain's own reboot: its kernel again, under another domid, and nobody else hears of it.
      int from = guest.console(GUEST).length();
      guest.type(GUEST, "reboot -f");
      guest.runUntil(guest.console(GUEST), MARKER, from);
      guest.runUntil(guest.console(GUEST), HypervisorGuest.PROMPT, guest.console(GUEST).length());
      assertEquals(3, guest.domain(GUEST).id());
      assertNull(guest.machine().events().get("machine-reset"));

      guest.xl("create -p " + other());
      assertTrue(Counters.port(guest.machine(), VirtualDisks.class).names().stream().anyMatch(name -> name.contains("spare")));
      int board0 = guest.board().length();
      from = guest.console(GUEST).length();
      guest.typeAtBoard("reboot -f");
      guest.runUntil(guest.board(), MARKER, board0);
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, guest.board().length());
      assertTrue(guest.events().contains("machine-reset /xenolith-hypervisor:tools: Domain-0 reboots; at instruction"), guest.events());
      guest.runUntil(guest.console(GUEST), MARKER, from);
      guest.runUntil(guest.console(GUEST), HypervisorGuest.PROMPT, guest.console(GUEST).text().lastIndexOf(MARKER));
      assertTrue(Counters.port(guest.machine(), VirtualDisks.class).names().stream().noneMatch(name -> name.contains("spare")),
          "a disk of a domain that is gone is still open");
      // As at the first time: what was created meanwhile is gone, all memory that it had is free, and domids begin again.
      assertEquals(first, facts(guest));

      guest.typeAtBoard("poweroff -f");
      assertEquals(StopReason.POWER_OFF, guest.machine().run(new RunLimit(guest.machine().now() + 60_000_000_000L, Long.MAX_VALUE)));
      assertEquals(1, guest.machine().events().get("machine-reset"));
      for (String kind : List.of("model-failed", "model-refused", "reset-failed", "domain-failed")) {
        assertNull(guest.machine().events().get(kind), guest.events());
      }
      return guest.machine().digest();
    }
  }

  private static void up(HypervisorGuest guest, int from) {
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, from);
    guest.runUntil(guest.console(GUEST), HypervisorGuest.PROMPT, 0);
  }

  /** What there is: domains without their times, free memory, and that consoles, the store and Dom0's CPUs work. */
  private static String facts(HypervisorGuest guest) {
    return guest.xl("list").replaceAll("[r-][b-]([p-][s-][c-][d-]) +[0-9.]+", "$1") + guest.xl("info").lines().filter(line -> line.contains(
        "free_memory")).toList() + guest.dom0("nproc") + guest.shell(GUEST, "nproc");
  }

  private static Path other() throws IOException {
    return Files.writeString(folder.resolve("other.cfg"), Files.readString(domain()).replace('"' + GUEST + '"', "\"other\"")
        + "disk = [ '" + Files.write(folder.resolve("spare.img"), new byte[1 << 16]) + ",raw,xvda,rw' ]\n");
  }

  private static synchronized Path domain() throws IOException {
    Path file = folder.resolve(GUEST + ".cfg");
    if (Files.exists(file)) {
      return file;
    }
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow(() -> new IllegalStateException("the guest debian is not installed")).obtain(System.out::println, GuestRequest.PLAIN);
    return Files.writeString(file, """
        name = "%s"
        kernel = "%s"
        ramdisk = "%s"
        memory = 160
        vcpus = 1
        on_reboot = "restart"
        extra = "console=hvc0 %s xl.domu xl.shell"
        """.formatted(GUEST, Files.write(folder.resolve("kernel"), debian.kernel()), Files.write(folder.resolve("ramdisk"), debian.initrd()
        .orElseThrow()), WORDS));
  }
}
