// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** A board with two PCI host bridges: a card is on the one that the command line names, and Debian reads both disks by messages. */
class TwoHostBridgesTest {
  private static final String SECOND = """
      / {
        pcie@4000000000 {
          compatible = "pci-host-ecam-generic";
          device_type = "pci";
          bus-range = <0 3>;
          linux,pci-domain = <1>;
          #address-cells = <3>;
          #size-cells = <2>;
          dma-coherent;
          reg = <0x40 0 0 0x400000>;
          ranges = <0x2000000 0 0x10000000 0x41 0 0 0x10000000>;
          msi-map = <0 4 0 0x10000>;
        };
      };
      """;

  @TempDir
  private Path work;

  private String disk(String name, int seed) throws IOException, NoSuchAlgorithmException {
    byte[] bytes = new byte[1 << 20];
    new Random(seed).nextBytes(bytes);
    Files.write(work.resolve(name), bytes);
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  @Test
  @FullLane
  void aCardIsOnTheBridgeThatIsNamed() throws Exception {
    Path board = work.resolve("virt.dts");
    Product.run("topology", "export", "virt", "--option", "pcie=ecam", board).expect(0);
    Path node = Files.writeString(work.resolve("second.dtsi"), SECOND);
    String here = disk("here.raw", 31);
    String there = disk("there.raw", 32);
    Boot boot = Boot.run(work, "boot", 0, board, "--node", node, "--guest", "debian", "--pci", "1.0=nvme", "--disk", work.resolve(
        "here.raw")
        + ",pci=1.0", "--pci", "pcie@4000000000/2.0=nvme", "--disk", work.resolve("there.raw") + ",pci=pcie@4000000000/2.0", "--append",
        Boot.SHORT
            + " xl.pci xl.run=/bin/busybox,ls,-l,/sys/block xl.run=/bin/busybox,md5sum,/dev/nvme0n1,/dev/nvme1n1"
            + " xl.run=/bin/busybox,cat,/proc/interrupts");
    String out = boot.outcome().out();
    assertEquals("poweroff", boot.report().outcome());
    assertEquals(here, sum(out, "pci0000:00/0000:00:01\\.0"));
    assertEquals(there, sum(out, "pci0001:00/0001:00:02\\.0"));
    for (String queue : new String[] {"nvme0q1", "nvme1q1"}) {
      assertTrue(out.lines().anyMatch(line -> line.matches(" *\\d+: +[1-9]\\d* .*MSI.*" + queue + "\\r?")), () -> queue + "\n" + out);
    }
  }

  /** Of the disk whose controller is at a place of the tree of devices. */
  private static String sum(String out, String place) {
    Matcher name = Pattern.compile("(nvme\\dn1) -> \\S*/" + place + "/").matcher(out);
    assertTrue(name.find(), () -> place + "\n" + out);
    Matcher sum = Pattern.compile("([0-9a-f]{32}) +/dev/" + name.group(1)).matcher(out);
    assertTrue(sum.find(), () -> name.group(1) + "\n" + out);
    return sum.group(1);
  }
}
