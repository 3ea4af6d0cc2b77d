// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackageLockTest {
  private static final String ZEROS = "0".repeat(64);
  private static final String PACKAGE = "package tool 1:2~3 5 " + ZEROS + " pool/main/t/tool.deb\n";
  private static final String ARCHIVE = "archive http://archive/debian pool/ stable\n";

  private static PackageLock parse(String lines) {
    return PackageLock.parse("xenolith-package-lock 1\n" + lines + "end\n");
  }

  /** Every guest and all that the documentation and the tests add to one, or take a file of. */
  @Test
  void theBundledLockHasWhatIsAskedFor() {
    PackageLock lock = Locks.bundled();
    assertEquals(lock.text(), new String(Initramfs.resource(Locks.FILE), StandardCharsets.UTF_8));
    assertEquals(new TreeSet<>(Stream.of(DebianKernel.values()).map(kind -> kind.guest).toList()), lock.guests().keySet());
    for (String name : List.of("xenstore-utils", "xen-utils-4.17", "xen-utils-common", "pciutils", "linux-perf", "gdb-minimal", "bash",
        "iproute2", "util-linux", "mount", "acpica-tools", "efibootmgr", "efivar", "efitools", "sbsigntool", "e2fsprogs",
        "util-linux-extra",
        "openssl", "fdisk", "dosfstools", "systemd-boot-efi", "xenstore-utils:amd64", "xen-utils-4.17:amd64", "xen-utils-common:amd64")) {
      assertTrue(lock.closure(List.of(name)).get().stream().anyMatch(one -> one.name().equals(name)), name);
    }
    // Both architectures have the same version of Xen's tools, and all of a closure is of one architecture.
    for (String name : List.of("xenstore-utils", "xen-utils-4.17", "xen-utils-common")) {
      assertEquals(lock.packages().get(name).version(), lock.packages().get(name + ":amd64").version(), name);
      assertTrue(lock.closure(List.of(name + ":amd64")).get().stream().noneMatch(one -> one.path().endsWith("_arm64.deb")), name);
    }
    assertTrue(lock.alone().containsAll(List.of("u-boot-qemu", "xen-hypervisor-4.17-arm64")), lock.alone()::toString);
    for (DebianSystem system : DebianSystem.values()) {
      LockedPackage kernel = lock.guest(system.kernel.guest).get().getFirst();
      List<String> image = lock.image(system.image).get().stream().map(LockedPackage::bareName).toList();
      assertTrue(image.containsAll(system.packages().stream().map(name -> name.replaceFirst(":.*", "")).toList()) && image.contains(kernel
          .bareName()), image::toString);
      // A system has one architecture.
      assertTrue(lock.image(system.image).get().stream().allMatch(one -> one.path().endsWith("_all.deb") || one.name().endsWith(":amd64")
          == (system == DebianSystem.AMD64)), image::toString);
      assertTrue(lock.closure(system.tools()).isPresent());
    }
    LockedPackage kernel = lock.guest("debian").get().getFirst();
    assertTrue(lock.archive(kernel).address().endsWith(kernel.path().startsWith("pool/updates/") ? "debian-security" : "debian"));
  }

  @Test
  void aClosureIsThatOfAllNames() {
    PackageLock lock = parse(ARCHIVE + "with tool lib\nwith other lib\nalone lone\n" + PACKAGE + PACKAGE.replace("tool", "lib") + PACKAGE
        .replace("tool", "other") + PACKAGE.replace("tool", "lone"));
    assertEquals("[lib 1:2~3, other 1:2~3, tool 1:2~3]", lock.closure(List.of("tool", "other")).get().toString());
    assertEquals(Optional.empty(), lock.closure(List.of("tool", "lone")));
    assertEquals(Optional.empty(), lock.guest("debian"));
    assertEquals(Optional.empty(), lock.image("debian"));
    PackageLock image = parse(ARCHIVE + "image disk lib tool\n" + PACKAGE + PACKAGE.replace("tool", "lib"));
    assertEquals("[lib 1:2~3, tool 1:2~3]", image.image("disk").get().toString());
    assertEquals(image, PackageLock.parse(image.text()));
  }

  @Test
  void whatIsWrongIsNamed() {
    for (List<String> wrong : List.of(List.of("line 2, 'nonsense': unknown", "nonsense\n"), List.of("line 3, 'package tool'", ARCHIVE
        + "package tool\n"), List.of("line 3", ARCHIVE + PACKAGE.replace("pool/main", "pool/../main")), List.of("line 3", ARCHIVE + PACKAGE
            .replace(ZEROS, "0")), List.of("line 3", ARCHIVE + PACKAGE.replace("package tool", "package --tool")), List.of(
                "the package lib is named and has no line", ARCHIVE + "with tool lib\n" + PACKAGE), List.of("no archive has pool/main",
                    PACKAGE), List.of("a kernel and a shell", ARCHIVE + "guest debian tool\n" + PACKAGE))) {
      String message = assertThrows(IllegalArgumentException.class, () -> parse(wrong.get(1))).getMessage();
      assertTrue(message.contains(wrong.get(0)), message);
    }
    String cut = Locks.bundled().text();
    assertThrows(IllegalArgumentException.class, () -> PackageLock.parse(cut.substring(0, cut.length() - 4)));
    assertThrows(IllegalArgumentException.class, () -> PackageLock.parse(""));
  }

  @Test
  void aPackageThatIsGoneIsLeftOutAndTold() throws IOException {
    FakePackages packages = new FakePackages();
    packages.more.put("tool", new TarFile().deb());
    packages.more.put("gone", new TarFile().deb());
    PackageLock before = packages.lock();
    packages.more.remove("gone");
    packages.missing = "linux-image-arm64-16k";
    List<String> told = new ArrayList<>();
    PackageLock after = LockRenewal.of(before, List.of("added"), List.of(), packages, told::add);
    assertEquals(List.of("tool"), List.copyOf(after.closures().keySet()));
    assertTrue(told.stream().anyMatch(line -> line.startsWith("the package gone is left out, and what asks for it will fail: ")), told
        .toString());
    assertTrue(told.stream().anyMatch(line -> line.startsWith("the package added is left out")), told.toString());
    assertTrue(LockRenewal.changes(before, after).contains("package gone 1:2~3: gone"), LockRenewal.changes(before, after).toString());
    assertEquals(List.of(), LockRenewal.changes(after, after));
  }
}
