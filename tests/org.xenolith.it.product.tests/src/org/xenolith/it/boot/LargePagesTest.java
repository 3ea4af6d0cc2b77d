// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Debian's kernel with pages of 16 KiB, on CPUs that have that granule, and what is said on those that haven't. */
@FullLane
class LargePagesTest {
  private static final String GRANULES = "4k,16k";

  @TempDir
  private static Path work;

  /** Bare in every lane; the full one adds the other engine, domains and an SMMU. */
  @TestFactory
  List<DynamicTest> debianWithPagesOf16K() {
    DynamicTest bare = dynamicTest("boots, and is the same saved and loaded in between", LargePagesTest::bare);
    return !Lane.full() ? List.of(bare) : List.of(bare,
        dynamicTest("is the same on every engine", LargePagesTest::engines),
        dynamicTest("runs as Dom0 and as a guest", LargePagesTest::domains),
        dynamicTest("has its pages translated by an SMMU", LargePagesTest::translated));
  }

  private static void bare() throws InterruptedException, IOException {
    Product.run("boot", "--guest", "debian-16k").expect(2).errHas("guest debian-16k: the kernel is made for pages of 16 KiB")
        .errHas("--granules 4k,16k");
    Path snapshot = work.resolve("snapshot");
    Boot half = Boot.run(work, "half", 0, "--guest", "debian-16k", "--granules", GRANULES, "--disk", disk(), "--append",
        Boot.SHORT + " xl.disk xl.run=xl-disk,/dev/vda,1", "--until", "Run /init as init process", "--save", snapshot);
    half.outcome().outHas("Linux version .*-16k ");
    // The snapshot says which granules there are: without them the rest would stop at once.
    Boot rest = Boot.run(work, "rest", 0, "--load", snapshot);
    assertEquals("poweroff", rest.report().outcome());
    assertEquals(0, rest.report().number("unmodelledAccesses"));
    rest.outcome().outHas("XENOLITH-DISKTEST OK /dev/vda mib=1 md5=c2bbf2d817ed353d492781687d5d4f71").outHas("XENOLITH-DONE");
    LogLines.assertNoComplaint(half.outcome().out() + rest.outcome().out());
  }

  private static void engines() throws InterruptedException {
    Boot one = engine("regions");
    Boot other = engine("interpreter");
    assertEquals(one.report().digest(), other.report().digest());
  }

  private static Boot engine(String name) throws InterruptedException {
    return Boot.run(work, name, 0, "--guest", "debian-16k", "--granules", "4k,16k,64k", "--gic", 3, "--cpus", 2, "--append", Boot.SHORT,
        "--until", "XENOLITH-MARKER", "--engine", name);
  }

  private static void domains() throws InterruptedException, IOException {
    Path parts = work.resolve("parts");
    Product.run("guests", "fetch", "debian-16k", "--to", parts).expect(0);
    Path config = Files.writeString(work.resolve("guest.cfg"), """
                name = "guest"
                kernel = "%s"
                ramdisk = "%s"
                memory = 192
                extra = "console=hvc0 %s xl.domu xl.ip=10.0.0.11/24 xl.run=xl-disk,/dev/xvda,1"
                disk = [ '%s,raw,xvda,rw' ]
                vif = [ 'mac=00:16:3e:00:00:01' ]
                """.formatted(parts.resolve("Image"), parts.resolve("initrd"), Boot.SHORT, disk()));
    Product.run("boot", "--no-dom0", "--domu", config, "--memory", "512M").expect(2).errHas("domain guest: the kernel is made for pages"
        + " of 16 KiB").errHas("--granules 4k,16k");
    Boot domains = Boot.run(work, "domains", 0, "--guest", "debian-16k", "--granules", GRANULES, "--hypervisor", "--domu", config,
        "--gic", 3, "--cpus", 2, "--memory", "1G", "--append", Boot.SHORT + " xl.dom0 xl.shell", "--console", "guest", "--until",
        "XENOLITH-RUN exit=0 xl-disk");
    domains.outcome().outHas("XENOLITH-DOMU vbd-51712=Connected vif-0=Connected").outHas("XENOLITH-IP OK");
  }

  private static void translated() throws InterruptedException, IOException {
    Boot boot = Boot.run(work, "smmu", 0, "--guest", "debian-16k", "--granules", GRANULES, "--gic", 3, "--iommu", "smmuv3",
        "--pci", "1.0=nvme", "--disk", disk() + ",pci=1.0", "--append", Boot.SHORT + " xl.pci xl.run=xl-disk,/dev/nvme0n1,1");
    boot.outcome().outHas("XENOLITH-DISKTEST OK /dev/nvme0n1");
    assertTrue(boot.outcome().out().contains("arm-smmu-v3"), boot.outcome()::toString);
  }

  private static Path disk() throws IOException {
    Path disk = work.resolve("disk.raw");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    return disk;
  }
}
