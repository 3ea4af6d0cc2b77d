// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageRequest;
import org.xenolith.boot.api.ImageSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.HostReason;

/**
 * A disk with a small Debian system: a root file system with systemd and, where firmware is to start it, an EFI system partition with Debian's signed shim and GRUB. The
 * packages are those of a lock, and are unpacked here; the guest that makes the disk is our Debian guest with the tools for that in its
 * first root file system, so that this host needs none.
 */
public class DebianImage implements ImageSource {
  private static final long MEBIBYTE = 1L << 20;
  /** The system has 600 MiB in 2026. */
  static final long LEAST = 1024 * MEBIBYTE;
  static final long USUAL = 1280 * MEBIBYTE;
  /** Of what is asked for, a mistake is likelier. */
  static final long MOST = 1L << 40;
  /** What a kernel's package needs besides what every image has. */
  private static final String KERNEL_NEEDS = "linux-base";

  private final DebianSystem system;
  private final HostPackages host;
  private final Path folder;

  /** The image of a system, of this host's packages. */
  DebianImage(DebianSystem system, HostPackages host) {
    this.system = system;
    this.host = host;
    folder = host.folder(system.kernel);
  }

  /** What is on it. */
  DebianSystem system() {
    return system;
  }

  @Override
  public String name() {
    return system.image;
  }

  @Override
  public String description() {
    return system.description;
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
      return Availability.unavailable(HostReason.of(e).text(), "");
    }
  }

  @Override
  public ImagePlan plan(ImageRequest request) {
    return plan(request, false, Optional.empty());
  }

  @Override
  public ImagePlan plan(ImageRequest request, ProgressListener progress) {
    return plan(request, false, Optional.of(progress));
  }

  @Override
  public ImagePlan plan(ImageRequest request, boolean newest, ProgressListener progress) {
    return plan(request, newest, Optional.of(progress));
  }

  /**
   * @param newest whether the archive's index is read anew where one is here
   * @param index  who hears of the archive's index being asked for what the lock doesn't name; empty to refuse that
   */
  private ImagePlan plan(ImageRequest request, boolean newest, Optional<ProgressListener> index) {
    long size = request.size().orElse(USUAL);
    if (size < LEAST || size > MOST || size % MEBIBYTE != 0) {
      throw new BootException("a disk of " + (size % MEBIBYTE == 0 ? size / MEBIBYTE + " MiB" : size + " bytes") + " can't be made: the"
          + " image '" + name() + "' has a whole number of MiB, " + LEAST / MEBIBYTE + " at least and " + MOST / MEBIBYTE + " at most");
    }
    try {
      PackageLock lock = host.locks().current();
      List<String> unknown = request.packages().stream().filter(name -> !isKnown(lock, name)).toList();
      if (index.isPresent() && !unknown.isEmpty()) {
        return new DebianImagePlan(this, size, lock, indexed(lock, request.packages(), unknown, newest, index.get()), request.files(),
            true);
      }
      if (newest) {
        index.ifPresent(progress -> progress.progress(
            "the lock names all packages of this image: the archive's index isn't asked ('xenolith"
                + " packages update' renews the lock)"));
      }
      return new DebianImagePlan(this, size, lock, parts(lock, request.packages()), request.files(), false);
    } catch (IOException e) {
      throw new BootException(HostReason.of(e).text(), e);
    }
  }

  private boolean isKnown(PackageLock lock, String name) {
    String one = lock.packages().containsKey(system.of(name)) ? system.of(name) : name;
    return lock.closures().containsKey(one) || lock.alone().contains(one);
  }

  /**
   * All packages of an image as the archive has them now, by its signed index: of the lock's versions not all need go together with those of a package that it doesn't name.
   *
   * @param more    what is asked for besides
   * @param unknown those of them that the lock doesn't name
   * @param newest  whether the index is read anew where one is here
   */
  private List<LockedPackage> indexed(PackageLock lock, Collection<String> more, List<String> unknown, boolean newest,
      ProgressListener progress) throws IOException {
    PackageClient client = client();
    PackageClient.Unusable trouble = client.unusable().orElse(null);
    if (trouble != null) {
      throw new IOException("the package '" + unknown.getFirst() + "' is not in the lock, and " + trouble.reason() + ". " + trouble
          .remedy());
    }
    String unnamed = "the lock doesn't name " + String.join(", ", unknown);
    Optional<KeptIndex> kept = newest ? Optional.empty() : client.index();
    if (kept.isEmpty()) {
      progress.progress(unnamed + ": asking the index of Debian's archive, by its signature");
      client.update(progress);
      return of(client, lock, more, unknown);
    }
    progress.progress(unnamed + ": using the index of Debian's archive that is here, " + kept.get() + "; " + option("update")
        + " reads it anew");
    try {
      return of(client, lock, more, unknown);
    } catch (IOException e) {
      throw new IOException(HostReason.of(e).text().replaceFirst("\\.$", "") + "; that index was " + kept.get() + ": " + option("update")
          + " reads it anew", e);
    }
  }

  /** All packages of an image, by the index that a client has. */
  private List<LockedPackage> of(PackageClient client, PackageLock lock, Collection<String> more, List<String> unknown) throws IOException {
    for (String name : unknown) {
      client.candidate(system.of(name));
    }
    List<String> names = new ArrayList<>(system.packages());
    names.add(system.of(KERNEL_NEEDS));
    more.forEach(name -> names.add(system.of(name)));
    SortedMap<String, LockedPackage> parts = new TreeMap<>();
    for (LockedPackage one : client.closure(names.stream().distinct().toList())) {
      lock.archive(one);
      parts.put(one.name(), one);
    }
    // The kernel that makes the disk, and loads modules from it, is the lock's: another one's modules are none to it.
    LockedPackage kernel = lock.guest(system.kernel.guest).orElseThrow(() -> new IOException("the lock names no kernel for the image "
        + name())).getFirst();
    parts.put(kernel.name(), kernel);
    return List.copyOf(parts.values());
  }

  /** Who knows what the archive has now. */
  PackageClient client() {
    return host.client(folder);
  }

  /** All packages of an image. */
  private List<LockedPackage> parts(PackageLock lock, Collection<String> more) throws IOException {
    SortedMap<String, LockedPackage> all = new TreeMap<>();
    lock.image(name()).orElseThrow(() -> new IOException("the lock names no packages for the image " + name() + (host.locks().isOwn()
        ? ": " + host.locks().ownSays() : ""))).forEach(one -> all.put(one.name(), one));
    for (String name : more.stream().map(one -> lock.packages().containsKey(system.of(one)) ? system.of(one) : one).toList()) {
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
    return new DebianGuest(system.kernel, host);
  }

  /** A digest of texts. */
  static String digest(List<String> lines) {
    return Digests.sha256(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  /** As other parts of this bundle tell it. */
  BootException trouble(Exception e) {
    Exception cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
    return new BootException("the disk image '" + name() + "' can't be prepared: "
        + (cause instanceof java.nio.file.FileSystemException file
            ? HostReason.of(file).text() + ". Check the folder, or name another one in XENOLITH_CACHE."
            : HostReason.of(cause).text()), e);
  }
}
