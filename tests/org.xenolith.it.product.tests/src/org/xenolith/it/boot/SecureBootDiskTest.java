// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.Lane;

/**
 * Debian on firmware of our own with Secure Boot: the running system puts keys into the variables, and what is started after a reboot is verified: by a key
 * of ours, by which sbsign has signed shim, GRUB and kernel, and by Microsoft's, by which Debian's shim is signed. A boot takes a dozen seconds: the full lane's.
 */
class SecureBootDiskTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String OWNER = "12345678-9abc-def0-1234-56789abcdef0";
  private static final String SHIM = "EFI/BOOT/BOOTAA64.EFI";
  private static final String GRUB = "EFI/BOOT/grubaa64.efi";

  @TempDir
  private static Path work;

  private static Path file(String name) {
    return work.resolve(name);
  }

  private static void key(String name) throws Exception {
    if (!Files.exists(file(name + ".crt"))) {
      Path settings = Files.writeString(file("settings"), "[req]\ndistinguished_name = name\n[name]\n"); // the system's may be absent
      TestTools.run("openssl", "req", "-config", settings, "-new", "-x509", "-newkey", "rsa:2048", "-subj", "/CN=" + name + "/", "-keyout",
          file(name + ".key"),
          "-out", file(name + ".crt"), "-days", 3650, "-nodes", "-sha256").expect(0);
    }
  }

  /** What SetVariable is given for a list with a certificate. */
  private static Path write(String variable, Path certificate) throws Exception {
    key("PK");
    TestTools.run("cert-to-efi-sig-list", "-g", OWNER, certificate, file("list")).expect(0);
    TestTools.run("sign-efi-sig-list", "-t", "2026-01-01 00:00:00", "-g", OWNER, "-k", file("PK.key"), "-c", file("PK.crt"), variable, file(
        "list"), file(variable + ".auth")).expect(0);
    return file(variable + ".auth");
  }

  private static Path sign(Path program) throws Exception {
    key("db");
    Path signed = file(program.getFileName() + ".signed");
    TestTools.run("sbsign", "--key", file("db.key"), "--cert", file("db.crt"), "--output", signed, program).expect(0);
    return signed;
  }

  /** Debian's disk with what its system puts into the variables. @param certificate for db */
  private static OpenedDisk disk(String name, Path certificate) throws Exception {
    Files.copy(DebianDisk.in(work), file(name + ".img"));
    OpenedDisk opened = new OpenedDisk(file(name + ".img"));
    opened.toSystem(write("db", certificate), "/root/db.auth");
    opened.toSystem(write("PK", file("PK.crt")), "/root/PK.auth");
    return opened;
  }

  private static void run(String name, String disk, String steps) throws Exception {
    Path scenario = Files.writeString(file(name + ".scenario"), """
        description: Debian with Secure Boot.
        platform: {board: virt, memory: 1G, gic: 3, firmware: xenolith, efi-variables: %s}
        disks: [{image: %s}]
        on-reset: boot
        limit: {virtual: 300s, host: 9min}
        steps:
        """.formatted(file(disk + ".variables"), file(disk + ".img")) + steps);
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  /** In setup mode first; then the same disk with the keys. */
  private static void enrolls(String name) throws Exception {
    run(name, name, """
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "mokutil --sb-state; cd /sys/firmware/efi/efivars\\n"
          - expect: 'SecureBoot disabled'
          - type: "put() { { printf '\\\\47\\\\0\\\\0\\\\0'; cat /root/$1.auth; } >/tmp/$1 && cat /tmp/$1 >$2; }; put db db-d719b2cb-3d3a-4596-a3bc-dad00e67656f && put PK PK-8be4df61-93ca-11d2-aa0d-00e098032b8c && reboot\\n"
          - expect: 'Xenolith UEFI firmware'
          - expect: 'secureboot: Secure boot enabled'
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "mokutil --sb-state; dmesg | grep -o 'Kernel is locked down from EFI Secure [B]oot'\\n"
          - expect: 'SecureBoot enabled'
          - expect: 'Kernel is locked down from EFI Secure Boot'
          - check: event
            kind: efi-layer
            count: 0
          - check: event
            kind: model-failed
            count: 0
        """);
  }

  private static void own() throws Exception {
    key("db");
    OpenedDisk disk = disk("own", file("db.crt"));
    disk.toEsp(sign(disk.fromEsp(SHIM, file("shim"))), SHIM);
    disk.toEsp(sign(disk.fromEsp(GRUB, file("grub"))), GRUB);
    String kernel = disk.systemName("/boot", "vmlinuz-");
    disk.toSystem(sign(disk.systemFile("/boot", "vmlinuz-", file("kernel"))), kernel);
    enrolls("own");
    Files.copy(DebianDisk.in(work), file("own.img"), StandardCopyOption.REPLACE_EXISTING);
    run("refused", "own", """
          - expect: 'Nothing could be booted'
          - check: event
            kind: efi-layer
            at-least: 1
        """);
  }

  /** The certificate that issued the signer's is in the signature. */
  private static void microsoft() throws Exception {
    Files.copy(DebianDisk.in(work), file("plain.img"));
    Path shim = new OpenedDisk(file("plain.img")).fromEsp(SHIM, file("microsoft-shim"));
    TestTools.run("sbattach", "--detach", file("shim.p7"), shim).expect(0);
    String all = TestTools.run("openssl", "pkcs7", "-inform", "DER", "-in", file("shim.p7"), "-print_certs").expect(0).out();
    int authority = all.indexOf("UEFI CA 20", all.indexOf("subject="));
    assertTrue(authority > 0, all);
    Path certificate = file("microsoft.crt");
    for (String each : all.split("(?=subject=)")) {
      if (each.lines().findFirst().orElse("").contains("UEFI CA 20")) {
        Files.writeString(certificate, each.substring(each.indexOf("-----BEGIN")));
      }
    }
    disk("microsoft", certificate);
    enrolls("microsoft");
  }

  @TestFactory
  List<DynamicTest> whatIsStartedIsVerified() {
    return Lane.onlyFull(dynamicTest("by a key of ours", SecureBootDiskTest::own), dynamicTest("by Microsoft's",
        SecureBootDiskTest::microsoft));
  }
}
