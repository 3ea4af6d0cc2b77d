// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.util.List;
import java.util.stream.Stream;

/** A system of Debian's that a disk image has. */
enum DebianSystem {
  /** One for arm64, which UEFI firmware starts. */
  ARM64("debian", "a Debian system with systemd that boots by EFI, GRUB and all, or by its kernel", DebianKernel.USUAL, "virt",
      List.of("efibootmgr", "grub-efi-arm64", "grub-efi-arm64-signed", "shim-signed")),
  /** One for amd64, whose kernel is given to the machine: the PC here has no firmware. */
  AMD64("debian-amd64", "the same for PCs, which boots by its kernel (--guest debian-amd64 --append xl.root=/dev/vda1)",
      DebianKernel.AMD64, "pc-pvh", List.of());

  /** What is installed everywhere, besides the kernel and what all of it needs: what Debian calls essential, systemd, and what starts it. */
  private static final List<String> PACKAGES = List.of("base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debianutils",
      "diffutils", "dpkg", "findutils", "grep", "gzip", "hostname", "init-system-helpers", "libc-bin", "login", "ncurses-base",
      "ncurses-bin", "perl-base", "sed", "sysvinit-utils", "tar", "usr-is-merged", "util-linux", "apt", "dbus", "dosfstools", "e2fsprogs",
      "init", "initramfs-tools", "iproute2", "kmod", "libpam-systemd", "mount", "passwd", "procps", "systemd", "systemd-sysv", "udev");
  /** What the guest that makes the disk calls. */
  private static final List<String> TOOLS = List.of("dosfstools", "e2fsprogs", "fdisk");

  /** The image's name. */
  final String image;
  final String description;
  /** The kernel that is on the disk, and makes it. */
  final DebianKernel kernel;
  /** The board of the machine that makes it. */
  final String board;
  private final List<String> loader;

  DebianSystem(String image, String description, DebianKernel kernel, String board, List<String> loader) {
    this.image = image;
    this.description = description;
    this.kernel = kernel;
    this.board = board;
    this.loader = loader;
  }

  /** What is installed besides the kernel and what all of it needs. */
  List<String> packages() {
    return Stream.concat(PACKAGES.stream(), loader.stream()).map(this::of).toList();
  }

  /** What the guest that makes the disk calls. */
  List<String> tools() {
    return TOOLS.stream().map(this::of).toList();
  }

  /** The name of a package of this architecture. */
  String of(String name) {
    return name + kernel.architecture;
  }

  /** Whether firmware starts it, from an EFI system partition. */
  boolean firmware() {
    return !loader.isEmpty();
  }
}
