// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.Lane;

/**
 * The disk image of Debian: others' tools find nothing wrong with it, QEMU and our machine boot it by Debian's own UEFI firmware, shim, GRUB
 * and kernel, and our machine boots its kernel. It is made in two minutes, and QEMU takes one, so that this is the full lane's.
 */
class DiskImageTest {
  private static final Duration MAKING = Duration.ofMinutes(15);
  private static final Duration BOOT = Duration.ofMinutes(8);
  private static final Duration COMMAND = Duration.ofMinutes(2);
  private static final long FLASH = 64 << 20;
  private static final long MEBIBYTE = 1 << 20;
  private static final long ROOT_START = 65 * MEBIBYTE;

  @TempDir
  Path folder;

  @TestFactory
  List<DynamicTest> aDiskWithDebian() {
    return Lane.onlyFull(dynamicTest("others' tools find nothing wrong with it", this::othersFindNothingWrong),
        dynamicTest("QEMU boots it by UEFI, shim and GRUB to a system without faults", this::qemuBootsItByFirmware),
        dynamicTest("our machine boots it by UEFI, shim and GRUB to a system without faults", this::ourMachineBootsItByFirmware),
        dynamicTest("our machine boots its kernel to a system without faults", this::ourMachineBootsItsKernel),
        dynamicTest("it is the same bytes whoever makes it, and never half", this::itIsTheSameWhoeverMakesIt));
  }

  private Path image() throws InterruptedException {
    Path image = folder.resolve("disk.img");
    if (!Files.exists(image)) {
      make(Map.of(), image);
    }
    return image;
  }

  private static Outcome make(Map<String, String> environment, Path to, Object... more) throws InterruptedException {
    Object[] words = Stream.concat(Stream.of("image", "make", "debian", "--to", to), Stream.of(more)).toArray();
    try (Program program = Product.start(environment, words)) {
      return program.await(MAKING).expect(0);
    }
  }

  private void othersFindNothingWrong() throws Exception {
    Path image = image();
    TestTools.run("sfdisk", "--verify", image).expect(0).outHas("No errors detected");
    TestTools.run("sfdisk", "--dump", image).expect(0).outHas("label: gpt")
        .outHas("start= *2048, size= *131072, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B").outHas(
            "type=0FC63DAF-8483-4772-8E79-3D69D8477DE4");
    TestTools.run("fsck.vfat", "-n", piece(image, MEBIBYTE, ROOT_START)).expect(0);
    Path root = piece(image, ROOT_START, Files.size(image) - MEBIBYTE);
    TestTools.run("e2fsck", "-fn", root).expect(0);
    Outcome listed = TestTools.run("mdir", "-i", image + "@@1M", "-/", "-b", "::/").expect(0);
    for (String file : List.of("EFI/debian/shimaa64.efi", "EFI/debian/grubaa64.efi", "EFI/debian/mmaa64.efi", "EFI/debian/grub.cfg",
        "EFI/BOOT/BOOTAA64.EFI", "EFI/BOOT/grubaa64.efi")) {
      listed.outHas("(?mi)^::/" + file + "$");
    }
    // It would make a boot entry and reset at each start with other variables.
    assertTrue(!listed.out().toLowerCase(java.util.Locale.ROOT).contains("boot/fbaa64"), listed.out());
    // Owners and modes, which no user of this host could have given.
    for (Map.Entry<String, String> file : Map.of("/usr/bin/su", "Mode: *04755.*\\nUser: *0 +Group: *0 ", "/usr/bin/expiry",
        "Mode: *02755.*\\nUser: *0 +Group: *42 ", "/tmp", "Mode: *01777", "/var/mail", "Mode: *02775.*\\nUser: *0 +Group: *8 ",
        "/etc/shadow", "Mode: *0640.*\\nUser: *0 +Group: *42 ").entrySet()) {
      TestTools.run("debugfs", "-R", "stat " + file.getKey(), root).expect(0).outHas("(?s)" + file.getValue());
    }
    Files.delete(root);
  }

  private Path piece(Path image, long from, long to) throws IOException {
    Path piece = folder.resolve("piece");
    try (InputStream in = Files.newInputStream(image); var out = Files.newOutputStream(piece)) {
      in.skipNBytes(from);
      byte[] buffer = new byte[1 << 20];
      for (long left = to - from; left > 0;) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        out.write(buffer, 0, count);
        left -= count;
      }
    }
    return piece;
  }

  private void qemuBootsItByFirmware() throws Exception {
    Path disk = Files.copy(image(), folder.resolve("qemu.img"), StandardCopyOption.REPLACE_EXISTING);
    Path flash = firmware();
    try (Program qemu = TestTools.startWithInput("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57", "-m", "1G", "-nographic",
        "-net", "none", "-drive", "if=pflash,format=raw,readonly=on,file=" + flash.resolve("AAVMF_CODE.fd"), "-drive",
        "if=pflash,format=raw,file=" + flash.resolve("AAVMF_VARS.fd"), "-drive", "if=none,id=d,format=raw,file=" + disk, "-device",
        "virtio-blk-device,drive=d")) {
      qemu.awaitOutput("Debian GNU/Linux", BOOT);
      qemu.awaitOutput("Booting `Debian GNU/Linux'", COMMAND);
      logIn(qemu);
      says(qemu, "cat /proc/cmdline | tr ' ' _",
          "BOOT_IMAGE=/boot/vmlinuz-.*_root=UUID=[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{10}04_ro");
      // Debian's kernel knows what it was booted by: ACPI and its SPCR name the console.
      says(qemu, "ls -d /sys/firmware/efi /sys/firmware/acpi | wc -l", "2");
      says(qemu, "findmnt -no FSTYPE /boot/efi", "vfat");
      judge(qemu);
    }
    Files.delete(disk);
  }

  /** Debian's UEFI firmware for QEMU, in two banks of flash. */
  private Path firmware() throws Exception {
    Path packages = folder.resolve("packages");
    Path deb = Path.of(Product.run("packages", "fetch", "qemu-efi-aarch64", "--to", packages).expect(0).out().strip());
    TestTools.run("dpkg-deb", "-x", deb, folder.resolve("firmware")).expect(0);
    Path files = folder.resolve("firmware/usr/share/AAVMF");
    assertEquals(FLASH, Files.size(files.resolve("AAVMF_CODE.fd")));
    return files;
  }

  private void ourMachineBootsItByFirmware() throws Exception {
    try (Program ours = Product.startWithInput("boot", "--stdin", "--firmware", "aavmf", "--memory", "1G", "--disk", image())) {
      ours.awaitOutput("Booting `Debian GNU/Linux'", BOOT);
      logIn(ours);
      says(ours, "cat /proc/cmdline | tr ' ' _",
          "BOOT_IMAGE=/boot/vmlinuz-.*_root=UUID=[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{10}04_ro");
      // The firmware says that there is a virtual machine below it; nothing says that it is Xen's.
      says(ours, "systemd-detect-virt", "vm-other");
      judge(ours);
      ours.type("poweroff\n");
      ours.await(BOOT).expect(0);
    }
  }

  private void ourMachineBootsItsKernel() throws Exception {
    Path root = piece(image(), ROOT_START, Files.size(image()) - MEBIBYTE);
    for (String file : List.of("vmlinuz", "initrd.img")) {
      Outcome link = TestTools.run("debugfs", "-R", "stat /" + file, root).expect(0);
      String target = link.out().replaceAll("(?s).*Fast link dest: \"([^\"]*)\".*", "$1");
      TestTools.run("debugfs", "-R", "dump /" + target + " " + folder.resolve(file), root).expect(0);
    }
    Files.delete(root);
    try (Program ours = Product.startWithInput("boot", "--stdin", "--kernel", folder.resolve("vmlinuz"), "--initrd", folder.resolve(
        "initrd.img"), "--append", "root=LABEL=root ro", "--memory", "1G", "--disk", image())) {
      logIn(ours);
      says(ours, "findmnt -no SOURCE / | tr -d 0-9", "/dev/vda");
      judge(ours);
      ours.type("poweroff\n");
      ours.await(BOOT).expect(0);
    }
  }

  private static void logIn(Program system) throws InterruptedException {
    system.awaitOutput("debian login: ", BOOT);
    system.type("root\n");
    system.awaitOutput("root@debian:~# ", COMMAND);
  }

  /** What a command says on one line; what is typed has no such line. */
  private static void says(Program system, String command, String regex) throws InterruptedException {
    system.type("echo \"SAYS-$(" + command + ")-END\"\n");
    system.awaitOutput("SAYS-" + regex + "-END", COMMAND);
  }

  private static void judge(Program system) throws InterruptedException {
    says(system, "systemctl is-system-running --wait", "running");
    says(system, "systemctl --failed --no-legend --plain --no-pager | wc -l", "0");
    says(system, "dpkg --audit; echo $?", "0");
    // Nothing was changed, and nothing is missing but what the system's dpkg is told to leave out.
    says(system, "dpkg -V | grep -vE '^missing +/usr/share/(doc|info|lintian|locale|man)/' | wc -l", "0");
    says(system, "dpkg-query -W -f '${db:Status-Abbrev}\\n' | sort -u | tr -d ' \\n'", "ii");
    says(system, "ldconfig -p | grep -c libsystemd.so.0", "1");
    says(system, "stat -c %s /etc/machine-id", "33");
  }

  private void itIsTheSameWhoeverMakesIt() throws Exception {
    byte[] first = digest(image());
    Path packages = Files.createDirectories(folder.resolve("offline"));
    Product.run("packages", "fetch", "debian-image", "--to", packages).expect(0);
    // Another cache, and packages from a folder.
    Map<String, String> elsewhere = Map.of("XENOLITH_CACHE", folder.resolve("cache").toString(), "XENOLITH_PACKAGES", packages.toString());
    Path other = folder.resolve("other.img");
    try (Program killed = Product.start(elsewhere, "image", "make", "debian", "--to", other)) {
      killed.awaitError("debian: configuring", MAKING);
    }
    assertTrue(Files.notExists(other), "a process that was killed left an image");
    assertEquals(List.of(), images(folder.resolve("cache/images")));
    assertTrue(make(elsewhere, other).err().contains("debian: made"));
    assertEquals(1, images(folder.resolve("cache/images")).size());
    assertArrayEquals(first, digest(other));
  }

  private static List<Path> images(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(file -> file.toString().endsWith(".img")).toList();
    }
  }

  private static byte[] digest(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 20];
      for (int count; (count = in.read(buffer)) >= 0;) {
        digest.update(buffer, 0, count);
      }
    }
    byte[] value = digest.digest();
    System.out.println(file.getFileName() + " sha256:" + HexFormat.of().formatHex(value));
    return value;
  }
}
