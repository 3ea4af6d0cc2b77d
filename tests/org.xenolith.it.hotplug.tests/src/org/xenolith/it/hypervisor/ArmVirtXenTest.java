// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/**
 * Domains that start with edk2's ArmVirtXen, unmodified: its Shell sees the PV disk by its own drivers, Debian's kernel takes over from them,
 * and fifty lives of such domains leave nothing. Full lane: edk2 is built.
 */
class ArmVirtXenTest {
  private static final String NAME = "uefi";
  private static final String BACK = "/local/domain/1/backend/vbd/";
  private static final int LIVES = 50;
  private static final int WARM = 5;
  /** When lives end: at a text that the console shows; each fifth one only when the kernel's drivers are at work. */
  private static final List<String> ENDS = List.of("UEFI firmware", "EFI stub: Booting Linux Kernel", "EFI stub: Exiting boot services",
      "Linux version");

  @TempDir
  Path folder;

  @TestFactory
  List<DynamicTest> unmodifiedFirmware() {
    return Lane.onlyFull(dynamicTest("the Shell sees the disk", this::theShellSeesTheDisk),
        dynamicTest("a GICv2 and two vCPUs serve as well", this::aGicV2AndTwoVcpusServeAsWell),
        dynamicTest("the kernel's drivers take over and nothing is left", this::theKernelsDriversTakeOverAndNothingIsLeft),
        dynamicTest("strict Xen's kernel gives up as on Xen 4.17", this::onStrictXenTheKernelGivesUpAsOnXen417),
        dynamicTest("fifty lives under load leave nothing", this::fiftyLivesUnderLoadLeaveNothing));
  }

  private static HypervisorGuest hypervisor(int gic, String... settings) {
    return HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", Integer.toString(gic)).cpus(2).memory(1L << 30).noDom0(true)
        .hypervisor(true)
        .settings(List.of(settings)).build());
  }

  /** Creates the domain and comes to the Shell, which waits for five seconds before it asks: any key will do. */
  private static GuestConsole shell(HypervisorGuest guest, Path config) {
    GuestConsole console = guest.console(NAME);
    int from = console.length();
    guest.xl("create " + config);
    guest.runUntil(console, "startup.nsh", from);
    type(guest, "");
    guest.runUntil(console, UefiDomains.PROMPT, from);
    return console;
  }

  /** Types a line as the Shell has it end. */
  private static void type(HypervisorGuest guest, String line) {
    guest.machine().input(ConsolesPort.INPUT, NAME, (line + "\r").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What the Shell prints for a command. */
  private static String command(HypervisorGuest guest, GuestConsole console, String line) {
    int from = console.length();
    type(guest, line);
    guest.runUntil(console, UefiDomains.PROMPT, from);
    return console.text().substring(from).replaceAll("\u001b\\[[0-9;=]*[a-zA-Z]", "");
  }

  void theShellSeesTheDisk() throws IOException, InterruptedException {
    UefiDomains domains = new UefiDomains(folder);
    Path file = Files.writeString(folder.resolve("hello.txt"), "hello from a PV disk\n");
    Path config = domains.domain(NAME, domains.disk("small", 16, List.of(file, domains.built().resolve("XenIoPciDxe.efi"))), "");
    try (HypervisorGuest guest = hypervisor(3)) {
      GuestConsole console = shell(guest, config);
      String map = command(guest, console, "map -r").replaceAll("\\s", "");
      // Both nodes of the path as edk2 makes them: the place of the grant table, and a disk of number 51712.
      assertTrue(map.contains("VenHw(A732241F-383D-4D9C-8AE1-8E09837589D7,0000003800000000)"
          + "/VenHw(3D3CA290-B9A5-11E3-B75D-B8AC6F7D65E6,010000CA)"), map);
      String drivers = command(guest, console, "drivers");
      assertTrue(drivers.contains("XenBus Bus Driver") && drivers.contains("Xen PV Block Driver"), drivers);
      assertTrue(command(guest, console, "type FS0:\\hello.txt").contains("hello from a PV disk"));
      String loaded = command(guest, console, "load FS0:\\XenIoPciDxe.efi");
      assertTrue(loaded.contains("Success"), loaded);
      String again = command(guest, console, "drivers");
      // There is no PCI bus driver in ArmVirtXen, so that it finds nothing to bind to.
      assertTrue(again.replaceAll(" +", " ").contains("? - - - - XenIo PCI Driver"), again);
    }
  }

  void aGicV2AndTwoVcpusServeAsWell() throws IOException, InterruptedException {
    UefiDomains domains = new UefiDomains(folder);
    Path config = domains.domain(NAME, domains.system(), "vcpus = 2");
    try (HypervisorGuest guest = hypervisor(2)) {
      GuestConsole console = shell(guest, config);
      type(guest, UefiDomains.KERNEL);
      guest.runUntil(console, HypervisorGuest.PROMPT, console.length());
      assertTrue(console.text().contains("SMP: Total of 2 processors activated"), console::text);
    }
  }

  void theKernelsDriversTakeOverAndNothingIsLeft() throws IOException, InterruptedException {
    UefiDomains domains = new UefiDomains(folder);
    Path disk = domains.system();
    Path config = domains.domain(NAME, disk, "");
    try (HypervisorGuest guest = hypervisor(3)) {
      // What only the first domain brings about is no leak.
      handOver(guest, config, disk);
      Path first = folder.resolve("one-before");
      Counters before = Counters.of(guest.machine(), first);
      handOver(guest, config, disk);
      Path second = folder.resolve("one-after");
      assertEquals(before, Counters.of(guest.machine(), second), () -> Counters.difference(first, second));
    }
  }

  /** A life from firmware to the kernel's shell. */
  private static void handOver(HypervisorGuest guest, Path config, Path disk) throws IOException {
    guest.xl("create -p " + config);
    Leftovers built = leftovers(guest);
    assertEquals(0, built.entries() + built.frames() + built.shared() + built.mapped(), built::toString);
    guest.xl("destroy " + NAME);
    GuestConsole console = shell(guest, config);
    Leftovers firmware = leftovers(guest);
    assertEquals(built.ports() + 1, firmware.ports(), "one for the disk: " + firmware);
    assertEquals(List.of(built.lent() + 1, 1, 4, 1), List.of(firmware.lent(), firmware.entries(), firmware.frames(), firmware.shared()),
        "its ring, its grant table and the page with shared information: " + firmware);
    type(guest, UefiDomains.KERNEL);
    guest.runUntil(console, "Linux version", console.length());
    Leftovers handed = leftovers(guest);
    // The page with shared information is what edk2 leaves.
    assertEquals(new Leftovers(built.ports(), built.lent(), 0, 0, 0, 1), handed);
    assertEquals("2", backState(guest), "the back end waits for the next one");
    guest.runUntil(console, HypervisorGuest.PROMPT, console.length());
    Leftovers kernel = leftovers(guest);
    assertEquals(1, kernel.shared(), "it is where the kernel wants it, and nowhere else");
    assertEquals("4", backState(guest));
    String sum = guest.shell(NAME, "head -c 33554432 /dev/xvda | md5sum");
    assertTrue(sum.startsWith(md5(disk, 33554432)), sum);
    guest.xl("destroy " + NAME);
    guest.run(1);
  }

  void onStrictXenTheKernelGivesUpAsOnXen417() throws IOException, InterruptedException {
    UefiDomains domains = new UefiDomains(folder);
    Path config = domains.domain(NAME, domains.system(), "");
    try (HypervisorGuest guest = hypervisor(3, "/xenolith-hypervisor:strict-xen=true")) {
      GuestConsole console = shell(guest, config);
      type(guest, UefiDomains.KERNEL);
      guest.runUntil(console, "Kernel panic - not syncing", console.length());
      assertTrue(console.text().contains("pc : xen_guest_init"), console::text);
    }
  }

  void fiftyLivesUnderLoadLeaveNothing() throws IOException, InterruptedException {
    UefiDomains domains = new UefiDomains(folder);
    Path system = domains.domain(NAME, domains.system(), "vif = [ '' ]");
    Path alone = domains.domain(NAME, domains.kernelAlone(), "vif = [ '' ]");
    Path load = Files.createDirectory(folder.resolve("load"));
    try (HypervisorGuest guest = hypervisor(3)) {
      guest.xl("create " + DebianDomains.fetched(load).domain("load", 11, 1, ""));
      guest.runUntil("load", HypervisorGuest.PROMPT);
      guest.type("load",
          "while :; do dd if=/dev/xvda of=/dev/null bs=64k 2>/dev/null; dd if=/dev/zero of=/dev/xvda bs=64k count=64 2>/dev/null;"
              + " done");
      for (int i = 0; i < WARM; i++) {
        live(guest, system, alone, i);
      }
      Counters before = quiet(guest, "fifty-before");
      for (int i = 0; i < LIVES; i++) {
        live(guest, system, alone, i);
      }
      assertEquals(before, quiet(guest, "fifty-after"));
      assertEquals("", guest.events());
    }
  }

  /** One life. @param number says when it ends */
  private static void live(HypervisorGuest guest, Path system, Path alone, int number) {
    int end = number % (ENDS.size() + 1);
    GuestConsole console = guest.console(NAME);
    int from = console.length();
    if (end < ENDS.size()) {
      guest.xl("create " + alone);
      guest.runUntil(console, ENDS.get(end), from);
    } else {
      shell(guest, system);
      from = console.length();
      type(guest, UefiDomains.KERNEL);
      guest.runUntil(console, HypervisorGuest.PROMPT, from);
    }
    guest.xl("destroy " + NAME);
    guest.run(1);
  }

  /** Counts while the load holds still. */
  private Counters quiet(HypervisorGuest guest, String name) throws IOException {
    guest.xl("pause load");
    guest.run(10);
    Counters counters = Counters.of(guest.machine(), folder.resolve(name));
    guest.xl("unpause load");
    return counters;
  }

  private static Leftovers leftovers(HypervisorGuest guest) {
    return Leftovers.of(guest.machine(), guest.domain(NAME));
  }

  private static String backState(HypervisorGuest guest) {
    return Counters.port(guest.machine(), StorePort.class).read(BACK + guest.domain(NAME).id() + "/51712/state");
  }

  private static String md5(Path file, int bytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(in.readNBytes(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
