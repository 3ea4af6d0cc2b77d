// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Debian's amd64 kernels, entered by the PVH boot ABI on the board {@code pc-pvh}. */
@Order(3)
class PcBootTest {
  private static final String MARKER = "XENOLITH-MARKER";
  private static final Pattern COMPLAINT = Pattern.compile(
      "\\[Firmware Bug\\]|ACPI (BIOS )?(Error|Warning)|clocksource: .*(unstable|skew)|Unable to");

  @TempDir
  private Path work;

  @Test
  void theBoardsUsualGuestComesToItsMarkerOnOneAndFourCpusAndSwitchesItOff() throws Exception {
    Path program = signalsOf32Bits();
    // side by side: two cores
    try (Boot.Started one = Boot.start(work, "one", "pc-pvh", "--memory", "6G", "--append", Boot.SHORT, "--until", MARKER);
        Boot.Started four = Boot.start(work, "four", "pc-pvh", "--cpus", 4, "--add-file", "/signals=" + program, "--append", Boot.SHORT
            + " xl.run=/signals")) {
      Boot single = one.await(0);
      assertEquals("marker", single.report().outcome());
      single.outcome().outHas("Booting paravirtualized kernel on bare hardware").outHas("\\d\\d:\\d\\d: ttyS0 at I/O 0x3f8 \\(irq = 4")
          .outHas(
              "node   0: \\[mem 0x0000000000100000-0x00000000afffffff\\]").outHas(
                  "node   0: \\[mem 0x0000000100000000-0x00000001cfffffff\\]");
      Boot smp = four.await(0);
      assertEquals("poweroff", smp.report().outcome());
      smp.outcome().outHas("Performance Events: generic architected perfmon, full-width counters, Intel PMU driver").outHas(
          "NMI watchdog: Enabled").outHas("ACPI: PM: \\(supports S0 S5\\)").outHas("smp: Brought up 1 node, 4 CPUs").outHas(MARKER).outHas(
              "SIG32 signals handled 4").outHas(
                  "XENOLITH-DONE").outHas(
                      "reboot: Power down");
      assertNoComplaint(single);
      assertNoComplaint(smp);
    }
  }

  /** Each signal's handler is entered, and left, by a return from the kernel's code of 64 bits to that of 32. */
  private Path signalsOf32Bits() throws Exception {
    Path object = work.resolve("signals.o");
    Path program = work.resolve("signals");
    Path source = Product.root().resolve("tests/org.xenolith.it.product.tests/src/org/xenolith/it/boot/signals-32.s");
    TestTools.run("x86_64-linux-gnu-as", "--32", "-o", object, source).expect(0);
    TestTools.run("x86_64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", object, program).expect(0);
    return program;
  }

  @Test
  @FullLane
  void theUsualKernelOfDebianComesToItsMarker() throws InterruptedException {
    Boot boot = Boot.run(work, "usual", 0, "pc-pvh", "--guest", "debian-amd64", "--cpus", 4);
    assertEquals("poweroff", boot.report().outcome());
    assertNoComplaint(boot);
  }

  /** More than any host of ours has: what isn't touched takes none. */
  @Test
  @FullLane
  void memoryOf64GiBIsThere() throws InterruptedException {
    Boot boot = Boot.run(work, "large", 0, "pc-pvh", "--memory", "64G", "--pcie", "ecam");
    assertEquals("poweroff", boot.report().outcome());
    boot.outcome().outHas("node   0: \\[mem 0x0000000100000000-0x000000104fffffff\\]").outHas(MARKER);
    assertNoComplaint(boot);
  }

  /** As for a device that reaches 32 bits of addresses only: all that the disk reads goes through buffers below 4 GiB. */
  @Test
  @FullLane
  void aDiskIsReadThroughBuffersBelow4GiB() throws Exception {
    byte[] bytes = new byte[1 << 20];
    new Random(21).nextBytes(bytes);
    Path disk = Files.write(work.resolve("disk.img"), bytes);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    Product.run("boot", "pc-pvh", "--guest", "debian-amd64", "--memory", "6G", "--pcie", "ecam", "--pci", "1.0=nvme", "--disk", disk
        + ",pci=1.0", "--limit", 60, "--append", "swiotlb=force xl.pci xl.run=/bin/busybox,md5sum,/dev/nvme0n1").expect(0)
        .outHas("Using software bounce buffering").outHas("software IO TLB: mapped \\[mem 0x00000000a").outHas(sum + "  /dev/nvme0n1");
  }

  private static void assertNoComplaint(Boot boot) {
    LogLines.assertNoComplaint(boot.outcome().out());
    assertEquals(List.of(), boot.outcome().out().lines().filter(line -> COMPLAINT.matcher(line).find()).toList());
  }
}
