// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Debian's amd64 kernel as the hardware domain of the hypervisor on a PC: entered by the PVH boot ABI, with the machine's devices, and a guest beside it. */
class PvhDom0Test {
  private static final String WRONG = "(?s).*(Kernel panic|WARNING:|BUG|Firmware Bug|ACPI Error|failed and terminated|XENOLITH-ERROR).*";

  @TempDir
  private static Path work;

  @TestFactory
  List<DynamicTest> hardwareDomains() {
    return List.of(dynamicTest("a disk by the I/O APIC", PvhDom0Test::line), dynamicTest("a disk by messages", PvhDom0Test::messages),
        dynamicTest("a disk through an IOMMU", PvhDom0Test::iommu));
  }

  /** A disk of random bytes, and their sum. */
  private record Disk(Path file, String sum) {
    static Disk make(String name) throws Exception {
      byte[] bytes = new byte[1 << 20];
      new Random(20).nextBytes(bytes);
      return new Disk(Files.write(work.resolve(name), bytes), HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)));
    }
  }

  private static Outcome boot(Object... arguments) throws Exception {
    // The usual guest of a PC with a hypervisor.
    Object[] all = new Object[arguments.length + 7];
    System.arraycopy(new Object[] {"boot", "pc-pvh", "--hypervisor", "--memory", "6G", "--limit", 60}, 0, all, 0, 7);
    System.arraycopy(arguments, 0, all, 7, arguments.length);
    Outcome outcome = Product.run(all).expect(0);
    assertFalse(outcome.out().matches(WRONG), outcome.toString());
    return outcome;
  }

  /** The number of interrupts, over all CPUs, in a line of /proc/interrupts. */
  private static long interrupts(Outcome outcome, String name) {
    String line = outcome.out().lines().filter(each -> each.matches(" *\\d+: .*" + name + ".*")).findFirst().orElse("");
    assertFalse(line.isEmpty(), "no interrupt of " + name + " in " + outcome);
    long sum = 0;
    for (String word : line.substring(line.indexOf(':') + 1).strip().split(" +")) {
      if (!word.matches("\\d+")) {
        break;
      }
      sum += Long.parseLong(word);
    }
    return sum;
  }

  private static void line() throws Exception {
    Disk disk = Disk.make("line.img");
    Outcome outcome = boot("--cpus", 2, "--disk", disk.file, "--append",
        "xl.disk xl.run=/bin/busybox,md5sum,/dev/vda xl.run=/bin/busybox,cat,/proc/interrupts");
    outcome.outHas("Hypervisor detected: Xen HVM").outHas("Booting kernel on Xen PVH").outHas("ACPI: APIC .* XENOLI").outHas(
        "Switched APIC routing to physical x2apic").outHas("smp: Brought up 1 node, 2 CPUs").outHas(
            "xen:events: Using FIFO-based ABI").outHas("XENOLITH-STORE domid=\\d+ port=\\d+").outHas(disk.sum + "  /dev/vda");
    assertTrue(interrupts(outcome, "IO-APIC +\\d+-edge +virtio0") > 0, outcome.toString());
    assertTrue(interrupts(outcome, "xen-percpu +-virq +timer1") > 0, outcome.toString());
  }

  private static void messages() throws Exception {
    Disk disk = Disk.make("messages.img");
    // The kernel takes the highest memory first, for what NVMe reads and writes, too.
    Outcome outcome = boot("--dom0-memory", "4G", "--pcie", "ecam", "--pci", "1.0=nvme", "--disk", disk.file + ",pci=1.0", "--append",
        "xl.pci xl.run=/bin/busybox,md5sum,/dev/nvme0n1 xl.run=/bin/busybox,cat,/proc/interrupts");
    outcome.outHas("node   0: \\[mem 0x0000000100000000-0x0000000150060fff\\]").outHas("PCI host bridge to bus 0000:00").outHas(disk.sum
        + "  /dev/nvme0n1");
    assertTrue(interrupts(outcome, "PCI-MSI.* nvme0q1") > 0, outcome.toString());
  }

  /** The hypervisor has it: Dom0 is told of none. */
  private static void iommu() throws Exception {
    Disk disk = Disk.make("iommu.img");
    Outcome outcome = boot("--pcie", "ecam", "--iommu", "amdvi", "--pci", "1.0=nvme", "--disk", disk.file + ",pci=1.0", "--append",
        "xl.pci xl.run=/bin/busybox,md5sum,/dev/nvme0n1 xl.run=/bin/busybox,cat,/proc/interrupts"
            + " xl.run=/bin/busybox,ls,/sys/firmware/acpi/tables");
    outcome.outHas(disk.sum + "  /dev/nvme0n1").outHas("MCFG").outHas("pci 0000:00:1f.0: \\[1022:1419\\]");
    assertTrue(interrupts(outcome, "PCI-MSI.* nvme0q1") > 0, outcome.toString());
    assertFalse(outcome.out().contains("IVRS"), outcome.toString());
    assertFalse(outcome.out().contains("Adding to iommu group"), outcome.toString());
  }

  @Test
  @FullLane
  void aGuestRunsBesideIt() throws Exception {
    Path folder = work.resolve("debian-amd64-cloud");
    Product.run("guests", "fetch", "debian-amd64-cloud", "--to", folder).expect(0);
    Path config = Files.writeString(work.resolve("one.cfg"), """
        name = "one"
        type = "pvh"
        kernel = "%s"
        ramdisk = "%s"
        memory = 256
        extra = "console=hvc0"
        """.formatted(folder.resolve("Image"), folder.resolve("initrd")));
    Outcome outcome = boot("--domu", config, "--console", "one", "--until", "XENOLITH-DONE");
    outcome.outHas("Booting kernel on Xen PVH").outHas("XENOLITH-MARKER");
    assertEquals(1, outcome.out().lines().filter(each -> each.contains("XENOLITH-MARKER")).count(), "its own console only");
  }
}
