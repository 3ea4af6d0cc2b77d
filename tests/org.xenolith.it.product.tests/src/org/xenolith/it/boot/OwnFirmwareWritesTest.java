// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/**
 * Programs that others wrote write to the EFI system partition by our own firmware, and what they wrote is there in the image: GRUB its environment, by Block I/O, for
 * it has a FAT of its own; systemd-boot its seed, by the file protocol.
 */
@FullLane
class OwnFirmwareWritesTest {
  private static final Duration LONG = Duration.ofMinutes(20);

  @TempDir
  private static Path work;

  private static void run(String name, String steps, Path disk) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), """
        description: %s on the EFI system partition.
        platform: {board: virt, memory: 1G, gic: 3, firmware: xenolith, rng: '', efi-variables: %s}
        disks: [{image: %s, mode: write}]
        on-reset: boot
        limit: {virtual: 120s, host: 18min}
        steps:
        """.formatted(name, work.resolve(name + ".variables"), disk) + steps + """
          - check: event
            kind: model-failed
            count: 0
        """);
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  private static OpenedDisk copy(Path disk) throws Exception {
    Files.copy(DebianDisk.in(work), disk);
    return new OpenedDisk(disk);
  }

  /** fsck.fat takes a file: the partition is copied out of the disk. */
  private static void fsck(Path disk) throws Exception {
    Path esp = work.resolve("esp");
    byte[] table = new byte[16];
    try (var file = new java.io.RandomAccessFile(disk.toFile(), "r")) {
      file.seek(2 * 512 + 32);
      file.readFully(table);
      java.nio.ByteBuffer places = java.nio.ByteBuffer.wrap(table).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      byte[] bytes = new byte[(int) ((places.getLong(8) - places.getLong(0) + 1) * 512)];
      file.seek(places.getLong(0) * 512);
      file.readFully(bytes);
      Files.write(esp, bytes);
    }
    TestTools.run("fsck.vfat", "-n", esp).expect(0);
  }

  @Test
  void grubSavesItsEnvironmentAndLoadsItAfterAReset() throws Exception {
    Path disk = work.resolve("grub.img");
    OpenedDisk opened = copy(disk);
    byte[] empty = new byte[1024];
    Arrays.fill(empty, (byte) '#');
    byte[] head = "# GRUB Environment Block\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(head, 0, empty, 0, head.length);
    opened.toEsp(Files.write(work.resolve("grubenv"), empty), "EFI/debian/grubenv");
    String prompt = """
          - expect: 'Debian GNU/Linux'
          - type: "c"
          - expect: 'grub> $'
        """;
    run("GRUB's environment", prompt + """
          - type: "set met=before; save_env -f (hd0,gpt1)/EFI/debian/grubenv met\\r"
          - expect: 'grub> $'
          - type: "reboot\\r"
          - expect: 'Xenolith UEFI firmware'
        """ + prompt + """
          - type: "load_env -f (hd0,gpt1)/EFI/debian/grubenv; echo it-has-$met\\r"
          - expect: 'it-has-before'
        """, disk);
    byte[] saved = Files.readAllBytes(opened.fromEsp("EFI/debian/grubenv", work.resolve("saved")));
    assertEquals(1024, saved.length);
    assertTrue(new String(saved, StandardCharsets.US_ASCII).contains("\nmet=before\n"));
    fsck(disk);
  }

  @Test
  void systemdBootRenewsItsSeed() throws Exception {
    Path disk = work.resolve("seeded.img");
    OpenedDisk opened = copy(disk);
    opened.clearEsp();
    Path deb = Path.of(Product.run("packages", "fetch", "systemd-boot-efi", "--to", work.resolve("packages")).expect(0).out().strip());
    TestTools.run("dpkg-deb", "-x", deb, work.resolve("unpacked")).expect(0);
    opened.toEsp(work.resolve("unpacked/usr/lib/systemd/boot/efi/systemd-bootaa64.efi"), "EFI/BOOT/BOOTAA64.EFI");
    opened.toEsp(opened.systemFile("/boot", "vmlinuz-", work.resolve("linux")), "debian/linux");
    byte[] old = new byte[512];
    Arrays.fill(old, (byte) 7);
    opened.toEsp(Files.write(work.resolve("seed"), old), "loader/random-seed");
    opened.toEsp(Files.writeString(work.resolve("loader.conf"), "timeout 0\ndefault first.conf\nrandom-seed-mode always\n"),
        "loader/loader.conf");
    opened.toEsp(Files.writeString(work.resolve("first.conf"), """
        title The first entry
        linux /debian/linux
        options %s ro
        """.formatted(opened.root())), "loader/entries/first.conf");
    run("systemd-boot's seed", "  - expect: 'EFI stub: '\n", disk);
    byte[] renewed = Files.readAllBytes(opened.fromEsp("loader/random-seed", work.resolve("renewed")));
    assertTrue(renewed.length == 32 || renewed.length == 512, () -> "bytes: " + renewed.length);
    assertFalse(Arrays.equals(Arrays.copyOf(renewed, 32), Arrays.copyOf(old, 32)), "the seed is another one");
    fsck(disk);
  }
}
