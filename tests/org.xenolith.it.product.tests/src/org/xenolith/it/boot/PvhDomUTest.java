// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/**
 * Debian's amd64 kernels as PVH guests of the hypervisor on a PC, without a Dom0: they find their start_info, are called up for events, come to their
 * init, and use their disks, their network and their console.
 */
class PvhDomUTest {
  private static final int DISK_BYTES = 1 << 20;
  /** MD5 of a MiB of the guest's test data. */
  private static final String DATA = "c2bbf2d817ed353d492781687d5d4f71";

  @TempDir
  private static Path work;

  @TestFactory
  List<DynamicTest> guests() {
    return List.of(dynamicTest("to the marker", PvhDomUTest::marker), dynamicTest("four virtual CPUs on two CPUs", PvhDomUTest::four),
        dynamicTest("a kernel for another processor", PvhDomUTest::another),
        dynamicTest("disks, a network and a console that is typed at", PvhDomUTest::devices));
  }

  private static Path guest(String name) throws Exception {
    Path folder = work.resolve(name);
    if (!Files.exists(folder)) {
      Product.run("guests", "fetch", name, "--to", folder).expect(0);
    }
    return folder;
  }

  private static Outcome boot(Path guest, int cpus, int vcpus) throws Exception {
    return boot(guest, cpus, vcpus, "512M", 256);
  }

  private static Outcome boot(Path guest, int cpus, int vcpus, String machine, int memory) throws Exception {
    Path config = Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        type = "pvh"
        kernel = "%s"
        ramdisk = "%s"
        memory = %d
        vcpus = %d
        extra = "console=hvc0"
        """.formatted(guest.resolve("Image"), guest.resolve("initrd"), memory, vcpus));
    return Product.run("boot", "pc-pvh", "--cpus", cpus, "--memory", machine, "--hypervisor", "--no-dom0", "--domu", config, "--console",
        "guest", "--until",
        "XENOLITH-DONE",
        "--limit", 60);
  }

  private static void marker() throws Exception {
    Outcome outcome = boot(guest("debian-amd64-cloud"), 1, 1).expect(0).outHas("Hypervisor detected: Xen HVM").outHas(
        "Booting kernel on Xen PVH")
        .outHas(
            "xen:events: Using FIFO-based ABI").outHas("Xen HVM callback vector for event delivery is enabled").outHas(
                "Switched APIC routing to physical x2apic").outHas("Switched to clocksource xen").outHas("ACPI: Interpreter enabled")
        .outHas("XENOLITH-MARKER");
    assertFalse(outcome.out().matches("(?s).*(Kernel panic|WARNING:|BUG|Firmware Bug|ACPI Error).*"), outcome.toString());
  }

  /** They start one another by their local APICs. The guest has memory above 4 GiB, as the machine has. */
  private static void four() throws Exception {
    boot(guest("debian-amd64-cloud"), 2, 4, "8G", 5120).expect(0).outHas("node   0: \\[mem 0x0000000100000000-0x0000000143ffffff\\]")
        .outHas("smp: Brought up 1 node, 4 CPUs").outHas("XENOLITH-MARKER");
  }

  /** A guest with an interface; the kernel is the one that has modules for it and for disks. */
  private static Path onNetwork(int number, String disks, String words) throws Exception {
    Path guest = guest("debian-amd64");
    return Files.writeString(work.resolve("guest" + number + ".cfg"), """
        name = "guest%1$d"
        type = "pvh"
        kernel = "%2$s"
        ramdisk = "%3$s"
        memory = 160
        extra = "console=hvc0 quiet %4$s xl.domu xl.ip=10.0.0.1%1$d/24 %5$s"
        disk = [ %6$s ]
        vif = [ 'mac=00:16:3e:00:00:1%1$d' ]
        """.formatted(number, guest.resolve("Image"), guest.resolve("initrd"), Boot.SHORT, words, disks));
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  /** What it reads is the host's, what it writes is in the host's file, frames come from another guest, and what is typed is executed. */
  private static void devices() throws Exception {
    byte[] bytes = new byte[DISK_BYTES];
    new Random(20261128).nextBytes(bytes);
    Path read = Files.write(work.resolve("read.img"), bytes);
    Path written = Files.write(work.resolve("written.img"), new byte[DISK_BYTES]);
    Path server = onNetwork(1, "", "xl.run=xl-serve,5000,1 xl.shell");
    Path client = onNetwork(2, "'%s,raw,xvda,rw', '%s,raw,xvdb,w!'".formatted(read, written),
        "xl.run=/bin/busybox,md5sum,/dev/xvda xl.run=xl-disk,/dev/xvda,1 xl.run=xl-disk,/dev/xvdb,1 xl.run=xl-ping,10.0.0.11"
            + " xl.run=xl-fetch,10.0.0.11,5000 xl.shell");
    Outcome outcome;
    try (Program console = Product.startWithInput("boot", "pc-pvh", "--memory", "512M", "--hypervisor", "--no-dom0", "--domu", server,
        "--domu",
        client, "--console", "guest2", "--until", "that is 42", "--stdin")) {
      console.awaitOutput("xenolith:/# ", Product.LONG);
      console.type("echo that is $((6 * 7))\n");
      outcome = console.await(Product.LONG).expect(0);
    }
    outcome.outHas("XENOLITH-DOMU vbd-51712=Connected vbd-51728=Connected vif-0=Connected").outHas(md5(bytes) + "  /dev/xvda")
        .outHas("XENOLITH-DISKTEST OK /dev/xvda mib=1").outHas("XENOLITH-DISKTEST OK /dev/xvdb mib=1")
        .outHas("XENOLITH-PING OK 10\\.0\\.0\\.11 received=3/3")
        .outHas("XENOLITH-FETCH OK 10\\.0\\.0\\.11:5000 bytes=1048576 md5=" + DATA);
    LogLines.assertNoComplaint(outcome.out());
    assertArrayEquals(bytes, Files.readAllBytes(read), "its writes are in an overlay");
    assertEquals(DATA, md5(Files.readAllBytes(written)));
  }

  private static void another() throws Exception {
    boot(guest("debian"), 1, 1).expect(2).errHas("pvh.domu: the kernel is neither a bzImage nor an ELF file");
  }
}
