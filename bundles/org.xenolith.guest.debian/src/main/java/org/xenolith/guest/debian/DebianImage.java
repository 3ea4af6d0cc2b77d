// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageRequest;
import org.xenolith.boot.api.ImageSource;

/**
 * A disk with a small Debian system: an EFI system partition with Debian's signed shim and GRUB, and a root file system with systemd. The
 * packages are those of a lock, and are unpacked here; the guest that makes the disk is our Debian guest with the tools for that in its
 * first root file system, so that this host needs none.
 */
public class DebianImage implements ImageSource {
  static final String NAME = "debian";

  /** What is installed, besides the kernel and what all of it needs: what Debian calls essential, systemd, and what starts it. */
  static final List<String> PACKAGES = List.of("base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debianutils",
      "diffutils", "dpkg", "findutils", "grep", "gzip", "hostname", "init-system-helpers", "libc-bin", "login", "ncurses-base",
      "ncurses-bin", "perl-base", "sed", "sysvinit-utils", "tar", "usr-is-merged", "util-linux", "apt", "dbus", "dosfstools", "e2fsprogs",
      "efibootmgr", "grub-efi-arm64", "grub-efi-arm64-signed", "init", "initramfs-tools", "iproute2", "kmod", "libpam-systemd", "mount",
      "passwd", "procps", "shim-signed", "systemd", "systemd-sysv", "udev");

  /** What the guest that makes the disk calls. */
  static final List<String> TOOLS = List.of("dosfstools", "e2fsprogs", "fdisk");

  private static final long MEBIBYTE = 1L << 20;
  /** The system has 600 MiB in 2026. */
  static final long LEAST = 1024 * MEBIBYTE;
  static final long USUAL = 1280 * MEBIBYTE;
  /** Of what is asked for, a mistake is likelier. */
  static final long MOST = 1L << 40;

  private final HostPackages host;
  private final Path folder;

  /** The image of this host's packages. */
  DebianImage(HostPackages host) {
    this.host = host;
    folder = host.folder(DebianKernel.USUAL);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "a Debian system with systemd that boots by EFI, GRUB and all, or by its kernel";
  }

  @Override
  public Availability availability() {
    try {
      List<LockedPackage> parts = parts(host.locks().current(), List.of());
      Path packages = packages();
      if (parts.stream().allMatch(one -> packages.resolve(one.localFile()).toFile().length() == one.size())) {
        return Availability.ready("its packages are in " + packages);
      }
      var lack = fetcher().lack(parts);
      if (lack.isPresent()) {
        return Availability.unavailable("its packages are not in the cache, and " + lack.get() + ".", "Put them there: "
            + PackageFetcher.remedy() + ".");
      }
      long bytes = parts.stream().mapToLong(LockedPackage::size).sum();
      return Availability.fetchable("about " + bytes / 1_000_000 + " MB will be downloaded from Debian's archive");
    } catch (IOException | BootException e) {
      return Availability.unavailable(e.getMessage(), "");
    }
  }

  @Override
  public ImagePlan plan(ImageRequest request) {
    long size = request.size().orElse(USUAL);
    if (size < LEAST || size > MOST || size % MEBIBYTE != 0) {
      throw new BootException("a disk of " + (size % MEBIBYTE == 0 ? size / MEBIBYTE + " MiB" : size + " bytes") + " can't be made: the"
          + " image '" + NAME + "' has a whole number of MiB, " + LEAST / MEBIBYTE + " at least and " + MOST / MEBIBYTE + " at most");
    }
    try {
      PackageLock lock = host.locks().current();
      return new DebianImagePlan(this, size, lock, parts(lock, request.packages()), request.files());
    } catch (IOException e) {
      throw new BootException(e.getMessage(), e);
    }
  }

  /** All packages of an image. */
  private List<LockedPackage> parts(PackageLock lock, Collection<String> more) throws IOException {
    SortedMap<String, LockedPackage> all = new TreeMap<>();
    lock.image(NAME).orElseThrow(() -> new IOException("the lock names no packages for the image " + NAME + (host.locks().isOwn()
        ? ": " + host.locks().ownSays() : ""))).forEach(one -> all.put(one.name(), one));
    for (String name : more) {
      List<LockedPackage> closure = lock.closure(List.of(name)).orElseGet(() -> lock.alone().contains(name) ? List.of(lock.packages().get(
          name)) : null);
      if (closure == null) {
        List<String> known = new ArrayList<>(lock.closures().keySet());
        known.addAll(lock.alone());
        throw new IOException("the package '" + name + "' is not in the lock, by which alone images are made. It has " + String.join(", ",
            known.stream().sorted().toList()));
      }
      closure.forEach(one -> all.put(one.name(), one));
    }
    return List.copyOf(all.values());
  }

  /** The packages stay, so that another image is made without a network. */
  Path packages() {
    return folder.resolve("image/packages");
  }

  PackageFetcher fetcher() {
    return host.fetcher(folder, host.client(folder));
  }

  /** Who makes the disk. */
  GuestSource maker() {
    return new DebianGuest(DebianKernel.USUAL, host);
  }

  /** A digest of texts. */
  static String digest(List<String> lines) {
    return Digests.sha256(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  /** As other parts of this bundle tell it. */
  static BootException trouble(Exception e) {
    Exception cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
    return new BootException("the disk image '" + NAME + "' can't be prepared: " + (cause instanceof java.nio.file.FileSystemException file
        ? file + ". Check the folder, or name another one in XENOLITH_CACHE."
        : cause.getMessage()), e);
  }
}
