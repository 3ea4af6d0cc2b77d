// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/**
 * SCSI disks and a CD-ROM, judged by Debian's virtio_scsi, sd_mod, sr_mod and isofs, which read and write while the controller or its
 * transport is replaced, and a snapshot taken: nothing differs from a run without that.
 */
@FullLane
class ScsiTest {
  private static final Pattern DIGEST = Pattern.compile("digest ([0-9a-f]+)");
  private static final int FILE_BYTES = 3_000_000;
  private static final int DISK_BYTES = 4 << 20;
  /** Of {@code java.util.Random}, as scenarios make disks. */
  private static final int SEED = 17;

  @TempDir
  private static Path work;
  private static String fileSum;
  private static String diskSum;

  @BeforeAll
  static void makeDisc() throws Exception {
    byte[] content = new byte[FILE_BYTES];
    new Random(2).nextBytes(content);
    Files.write(work.resolve("disc.iso"), IsoImage.of("DATA.BIN;1", content));
    fileSum = md5(content);
    byte[] disk = new byte[DISK_BYTES];
    new Random(SEED).nextBytes(disk);
    diskSum = md5(disk);
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  /**
   * Debian copies a disk to another and reads a disc while something happens.
   *
   * @param platform more of it
   * @param place    of each disk
   * @param node     of the controller
   * @return the digest at its end
   */
  private static String run(String name, String platform, String place, String node, String meanwhile) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), """
        description: Debian finds disks and a CD-ROM behind a SCSI controller, copies one to the other and reads the disc.
        platform: {board: virt, memory: 256M, %1$s, set: ["%3$s:latency-us=500"]}
        guest: {name: debian, append: xl.shell cryptomgr.notests}
        disks:
          - {random: {seed: %7$d, size: 4M}, drive: scsi, mode: readonly%2$s}
          - {random: {seed: 1, size: 4M}, drive: scsi%2$s}
          - {image: disc.iso, drive: cdrom%2$s}
        limit: {virtual: 60s, host: 5min}
        steps:
          - expect: 'scsi 0:0:0:0: Direct-Access     XENOLITH DISK             1.0  PQ: 0 ANSI: 6'
          - expect: 'scsi 0:0:2:0: CD-ROM            XENOLITH CD-ROM           1.0  PQ: 0 ANSI: 6'
          - expect: 'xenolith:/# $'
          - type: "while [ ! -b /dev/sdb -o ! -b /dev/sr0 ]; do sleep 0.1; done; mkdir /cd; mount -t iso9660 -o ro /dev/sr0 /cd; ls /cd\\n"
          - expect: '^data.bin'
          - expect: 'xenolith:/# $'
          - type: "cat /sys/block/sd?/ro /sys/block/sr0/size; blkdiscard -o 1048576 -l 1048576 /dev/sdb && echo freed\\n"
          - expect: '^1'
          - expect: '^0'
          - expect: '^freed'
          - expect: 'xenolith:/# $'
          - type: "dd if=/dev/sda of=/dev/sdb bs=64k; sync; echo 3 >/proc/sys/vm/drop_caches; md5sum /dev/sdb /cd/data.bin; echo 'end' ed\\n"
        %4$s
          - check: console
            lacks: '^end ed'
          - expect: '^%5$s  /dev/sdb'
          - expect: '^%6$s  /cd/data.bin'
          - expect: '^end ed'
          - type: "dd if=/dev/zero of=/dev/sda bs=512 count=1; poweroff -f\\n"
          - expect: 'Operation not permitted|Read-only'
          - end: poweroff
          - check: console
            lacks: 'I/O error|rejecting|aborted|BUG:|WARNING:'
          - check: event
            kind: model-failed
            count: 0
          - check: event
            kind: virtio-scsi-bad-config
            count: 0
        """.formatted(platform, place, node, meanwhile, diskSum, fileSum, SEED));
    Outcome outcome = Product.run("run", scenario).expect(0);
    Matcher digest = DIGEST.matcher(outcome.out());
    digest.find();
    return digest.group(1);
  }

  private static String replaced(String bundle) {
    return """
          - replace: %s
            times: 50
            every: 2ms
          - save: there
          - restore: there""".formatted(bundle).indent(2).stripTrailing();
  }

  @Test
  void debianCopiesDisksWhileTheControllerIsReplaced() throws Exception {
    String platform = "gic: 2";
    String node = "/virtio_mmio@a003e00";
    String undisturbed = run("undisturbed", platform, "", node, "  - wait: 98ms");
    assertEquals(undisturbed, run("replaced", platform, "", node, replaced("org.xenolith.hw.virtio.scsi")));
  }

  @Test
  void debianCopiesDisksWhileALegacyTransportIsReplaced() throws Exception {
    String platform = "gic: 3, pci: 1.0=virtio-legacy";
    String place = ", pci: '1.0'";
    String node = "/pcie@10000000/virtio-legacy@1,0";
    String undisturbed = run("legacy", platform, place, node, "  - wait: 98ms");
    assertEquals(undisturbed, run("legacy-replaced", platform, place, node, replaced("org.xenolith.hw.virtio.pci")));
  }
}
