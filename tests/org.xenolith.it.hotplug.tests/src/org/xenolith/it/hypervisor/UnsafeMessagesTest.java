// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Machines whose message controllers can't tell whose a message is: functions are kept from guests, unless unsafe-msi is chosen. */
@FullLane
class UnsafeMessagesTest {
  private static final String FUNCTION = "0000:01:00.0";
  private static final String GUEST = "debian1";
  private static final int BYTES = 2 << 20;
  private static final String UNSAFE = "/xenolith-hypervisor:unsafe-msi=true";
  @TempDir
  Path folder;
  private final byte[] disk = new byte[BYTES];
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeEach
  void fill() {
    new Random(BYTES).nextBytes(disk);
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private HypervisorGuest boot(RequestBuilder request, String uart, String slot) throws IOException {
    HypervisorGuest guest = HypervisorGuest.launch(request.hypervisor(true).guest("debian")
        .disks(List.of(Files.write(folder.resolve("nvme.raw"), disk) + ",pci=" + slot)).build(), uart);
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
    return guest;
  }

  private HypervisorGuest virt(String... settings) throws IOException {
    return boot(frame(settings), HypervisorGuest.UART, "1.0/0.0");
  }

  private static RequestBuilder frame(String... settings) {
    return RequestBuilder.of("virt").boardOption("gic", "2").cpus(2).memory(768L << 20).append("quiet cryptomgr.notests xl.pci xl.shell")
        .boardOption("iommu", "smmuv3").option("pci", "1.0=root-port 1.0/0.0=nvme").settings(List.of(settings));
  }

  /** X-Gene's own port and message controller on a board with an SMMU. */
  private HypervisorGuest xgene(String... settings) throws IOException {
    return boot(port(settings), HypervisorGuest.UART, "0.0");
  }

  private static RequestBuilder port(String... settings) {
    return RequestBuilder.of("virt").boardOption("gic", "2").cpus(2).memory(768L << 20).append(
        "quiet cryptomgr.notests xl.pci xl.shell")
        .boardOption("pcie", "xgene").boardOption("iommu", "smmuv3").option("pci", "0.0=nvme").settings(List.of(settings));
  }

  private Path domain(String name, int number) throws IOException {
    return Files.writeString(folder.resolve(name + ".cfg"), Files.readString(DebianDomains.fetched(folder).domain(name, number, 1,
        "xl.pci"))
        + "pci = [ '01:00.0' ]\n");
  }

  /** What {@code md5sum} must print of the disk. */
  private String sum() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(disk)) + "  /dev/nvme0n1";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static void unharmed(HypervisorGuest guest) {
    for (String kind : List.of("model-failed", "refused-dma", "unmodelled-access", "change-failed", "iommu-fault", "pci-refused",
        "inbound-refused", "outbound-refused", "config-closed", "clock-off", "unclaimed-interrupt")) {
      assertNull(guest.machine().events().get(kind), guest::toString);
    }
  }

  /** Dom0 gives the disk up and gets it back; in between a guest is refused it for a reason. */
  private void refused(HypervisorGuest guest, String controller, String reason) throws IOException {
    Dom0Shell dom0 = new Dom0Shell(guest, FUNCTION);
    assertEquals("", dom0.run("dmesg | grep 'Failed to add'"));
    assertEquals(sum(), dom0.sum());
    String interrupts = dom0.run("grep nvme0q /proc/interrupts");
    assertTrue(interrupts.lines().anyMatch(line -> line.matches(" *\\d+: +[1-9].* " + controller + " .*")), interrupts);
    dom0.release();
    Path config = domain(GUEST, 11);
    String refusal = assertThrows(HypervisorException.class, () -> guest.xl("create " + config)).getMessage();
    assertTrue(refusal.contains(reason), refusal);
    assertFalse(guest.xl("list").contains(GUEST), () -> guest.xl("list"));
    dom0.takeBack();
    assertEquals(sum(), dom0.sum());
    unharmed(guest);
  }

  private HypervisorGuest mustang(String description) throws IOException {
    GuestSource debian = product.services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow();
    Path tree = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb");
    RequestBuilder request = RequestBuilder.of(tree.toString()).cpus(1).memory(768L << 20).option("pci", "0.0=nvme")
        .append("console=ttyS0 quiet cryptomgr.notests xl.pci xl.shell");
    return boot(description.equals("acpi") ? request.option("firmware", "acpi") : request, "/soc/serial@1c020000", "0.0");
  }

  @Test
  void onMustangNothingIsolatesAFunction() throws IOException {
    try (HypervisorGuest guest = mustang("tree")) {
      refused(guest, "X-Gene1 MSI", "no SMMU stands between it and memory");
    }
  }

  @TestFactory
  List<DynamicTest> norDoesItWhereTablesDescribeIt() {
    return Lane.onlyFull(DynamicTest.dynamicTest("Mustang, Dom0 by ACPI", () -> {
      try (HypervisorGuest guest = mustang("acpi")) {
        refused(guest, "GIC-0 226 Level", "no SMMU stands between it and memory");
      }
    }));
  }

  /** Dom0's own functions interrupt by what is left of the frame, which its tables have; or by pins: they have no controller of X-Gene's. */
  @TestFactory
  List<DynamicTest> aGuestHasAShareWhereTablesDescribeTheMachine() {
    return Lane.onlyFull(byTables("GICv2m", frame(UNSAFE), "1.0/0.0", "MSI"), byTables("GICv2m, as Xen's tables have it", frame(UNSAFE,
        "/xenolith-hypervisor:strict-xen=true"), "1.0/0.0", "GIC-0 +\\d+ Level"), byTables("X-Gene's", port(UNSAFE), "0.0",
            "GIC-0 +\\d+ Level"));
  }

  /** @param controller of the interrupts of Dom0's disk */
  private DynamicTest byTables(String name, RequestBuilder request, String slot, String controller) {
    return DynamicTest.dynamicTest(name, () -> {
      try (HypervisorGuest guest = boot(request.option("firmware", "acpi"), HypervisorGuest.UART, slot)) {
        String interrupts = new Dom0Shell(guest, FUNCTION).run("grep nvme0q /proc/interrupts");
        assertTrue(interrupts.lines().anyMatch(line -> line.matches(" *\\d+: +[1-9].* " + controller + " .*")), interrupts);
        there(guest, () -> {});
      }
    });
  }

  @Test
  void behindAMessageFrameNothingTellsWhoseMessagesAre() throws IOException {
    try (HypervisorGuest guest = virt()) {
      refused(guest, "MSI", "they go to /intc@8000000/v2m@8020000, arm,gic-v2m-frame");
    }
  }

  @Test
  void behindXgenesControllerNothingTellsWhoseMessagesAre() throws IOException {
    try (HypervisorGuest guest = xgene()) {
      refused(guest, "X-Gene1 MSI", "they go to /msi@b100000, apm,xgene1-msi");
    }
  }

  @Test
  void withUnsafeMessagesAGuestHasAShareOfTheFrame() throws IOException {
    try (HypervisorGuest guest = virt(UNSAFE)) {
      there(guest, () -> changed("org.xenolith.hyp.v2m", "org.xenolith.hw.gicv2m"));
    }
  }

  @Test
  void withUnsafeMessagesAGuestHasAShareOfXgenesController() throws IOException {
    try (HypervisorGuest guest = xgene(UNSAFE)) {
      there(guest, () -> changed("org.xenolith.hyp.xgene.msi", "org.xenolith.hw.xgene.msi"));
    }
  }

  /** Whose share it is and what takes messages are replaced; the share's bundle goes and comes back. */
  private void changed(String share, String controller) {
    try {
      for (String name : List.of(share, controller)) {
        Change done = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1")));
        assertTrue(done.done() && done.devices() > 0, () -> name + ": " + done);
      }
      Change gone = product.change().remove(share);
      assertTrue(gone.done(), gone::toString);
      product.restore();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The disk goes to a guest, whose driver reads it by messages, before and after something, and back. */
  private void there(HypervisorGuest guest, Runnable something) throws IOException {
    Dom0Shell dom0 = new Dom0Shell(guest, FUNCTION);
    assertEquals(sum(), dom0.sum());
    dom0.release();
    guest.xl("create " + domain(GUEST, 11));
    guest.runUntil(GUEST, HypervisorGuest.PROMPT);
    assertEquals(sum(), guest.shell(GUEST, "md5sum /dev/nvme0n1"));
    something.run();
    long before = messages(guest);
    assertEquals(sum(), guest.shell(GUEST, "echo 3 > /proc/sys/vm/drop_caches; md5sum /dev/nvme0n1"));
    assertTrue(messages(guest) > before, guest.console(GUEST)::text);
    guest.xl("destroy " + GUEST);
    dom0.takeBack();
    assertEquals(sum(), dom0.sum());
    unharmed(guest);
  }

  /** Messages of the disk's queues that the guest has counted. */
  private static long messages(HypervisorGuest guest) {
    String interrupts = guest.shell(GUEST, "grep nvme0q /proc/interrupts");
    assertTrue(interrupts.contains("MSI"), interrupts);
    return interrupts.lines().mapToLong(line -> Long.parseLong(line.strip().split(" +")[1])).sum();
  }
}
