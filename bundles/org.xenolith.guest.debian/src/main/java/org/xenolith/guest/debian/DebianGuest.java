// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.api.Provenance;
import org.xenolith.boot.kit.CacheLock;
import org.xenolith.command.api.HostReason;

/**
 * A Debian kernel with busybox, of the versions that a lock names. The first use fetches the packages and checks them by the
 * lock's digests; later ones need no network and check what they read. {@code refresh} makes a lock of the archive's newer versions.
 *
 * <p>The cache folder holds one folder per version (packages, what was taken out of them, a manifest), {@code apt} (the package
 * client's private state) and {@code lock}.
 */
public class DebianGuest implements GuestSource {
  private static final String UNFINISHED = "unfinished";
  private static final long MEBIBYTE = 1 << 20;
  /** Index, packages and what is taken out of them had 180 MiB in 2026. */
  private static final long NEEDED = 300 * MEBIBYTE;

  private final DebianKernel kind;
  private final Path root;
  private final Locks locks;
  private final PackageFetcher fetcher;
  private final PackageClient client;
  private final Space space;

  /** Tells how many bytes this user may still write in a folder. */
  interface Space {
    long free(Path folder) throws IOException;
  }

  /**
   * A guest.
   *
   * @param kind the kernel
   * @param root its folder in the cache
   * @param locks which packages it is made of
   * @param fetcher brings them
   * @param client knows what the archive has now
   * @param space tells the room that is left
   */
  DebianGuest(DebianKernel kind, Path root, Locks locks, PackageFetcher fetcher, PackageClient client, Space space) {
    this.kind = kind;
    this.root = root;
    this.locks = locks;
    this.fetcher = fetcher;
    this.client = client;
    this.space = space;
  }

  /** The guest of this host. */
  DebianGuest(DebianKernel kind, HostPackages host) {
    this(kind, host, host.folder(kind));
  }

  private DebianGuest(DebianKernel kind, HostPackages host, Path root) {
    this(kind, host, root, host.client(root));
  }

  private DebianGuest(DebianKernel kind, HostPackages host, Path root, PackageClient client) {
    // Not of the folder's file store, which must be among the mounts that the process sees: not so where its root was changed.
    this(kind, root, host.locks(), host.fetcher(root, client), client, folder -> folder.toFile().getUsableSpace());
  }

  @Override
  public String name() {
    return kind.guest;
  }

  @Override
  public String description() {
    return kind.description;
  }

  @Override
  public Availability availability() {
    try {
      List<LockedPackage> parts = parts(locks.current());
      Optional<Installation> here = Installation.of(folder(parts), provenance(parts));
      if (here.isPresent() && here.get().complete()) {
        return Availability.ready(title(parts) + " in " + here.get().folder());
      }
      Optional<String> lack = fetcher.lack(parts);
      if (lack.isPresent()) {
        return Availability.unavailable(title(parts) + " is not in the cache, and " + lack.get() + ".", "Put it there: "
            + PackageFetcher.remedy() + ".");
      }
    } catch (IOException | IllegalArgumentException e) {
      // obtain() will meet the same trouble and can say more.
    }
    return Availability.fetchable("not in " + root + " yet; about " + kind.megabytes + " MB will be downloaded from Debian's archive");
  }

  @Override
  public GuestImage obtain(ProgressListener progress, GuestRequest request) {
    try (CacheLock lock = CacheLock.acquire(root.resolve("lock"), progress)) {
      PackageSource source = new PackageSource(request.refresh() ? renewed(progress) : current(progress), fetcher, client);
      Installation installation = present(source.lock(), progress);
      try {
        return image(installation, source, request, progress);
      } catch (Installation.Damage damage) {
        progress.progress("the cache is damaged: " + damage.getMessage() + " in " + installation.folder());
        // What is whole of its packages is taken, and the others are fetched.
        return image(fetch(source.lock(), progress), source, request, progress);
      }
    } catch (IllegalArgumentException e) {
      throw new BootException(e.getMessage() + ".", e);
    } catch (IOException | UncheckedIOException e) {
      throw new BootException("the guest '" + kind.guest + "' can't be prepared in " + root + ": " + message(e), e);
    }
  }

  /** The lock that holds; that it is another than Xenolith's is said at every start. */
  private PackageLock current(ProgressListener progress) throws IOException {
    PackageLock lock = locks.current();
    if (locks.isOwn()) {
      List<LockedPackage> parts = parts(lock);
      List<LockedPackage> ours = locks.ofXenolith().guest(kind.guest).orElse(List.of());
      progress.progress("by " + locks.ownSays() + ": " + title(parts) + (parts.equals(ours) ? "" : " in the place of " + title(ours)));
    }
    return lock;
  }

  /** A lock of what the archive has now, which becomes this machine's own. */
  private PackageLock renewed(ProgressListener progress) throws IOException {
    PackageLock before = locks.current();
    try {
      PackageLock after = anew(() -> LockRenewal.of(before, List.of(), List.of(), client, progress), progress);
      // Only what could be had takes the place of what is there.
      present(after, progress);
      locks.keep(after);
      List<String> changes = LockRenewal.changes(before, after);
      changes.forEach(line -> progress.progress("newer: " + line));
      progress.progress(changes.isEmpty() ? title(parts(after)) + " is current" : "they are taken from now on, by " + (locks.isOwn() ? locks
          .ownSays() : "Xenolith's lock"));
      return after;
    } catch (IOException e) {
      progress.progress("can't look for a newer version (" + HostReason.of(e).text() + "); using " + title(parts(before)));
      return before;
    }
  }

  private interface Attempt<T> {
    T make() throws IOException;
  }

  /** Damage of the client's private state shows as whatever it breaks. */
  private <T> T anew(Attempt<T> attempt, ProgressListener progress) throws IOException {
    try {
      return attempt.make();
    } catch (IOException e) {
      if (!client.forget()) {
        throw e;
      }
      progress.progress("beginning anew with an empty package index: " + message(e));
      return attempt.make();
    }
  }

  private List<LockedPackage> parts(PackageLock lock) throws IOException {
    return lock.guest(kind.guest).orElseThrow(() -> new IOException("the lock names no packages for the guest " + kind.guest
        + (locks.isOwn() ? ": " + locks.ownSays() : "")));
  }

  private Path folder(List<LockedPackage> parts) {
    LockedPackage kernel = parts.getFirst();
    return root.resolve((kernel.name().substring(LockRenewal.KERNEL_PREFIX.length()) + "_" + kernel.version()).replace(':', '%').replace(
        '/',
        '%'));
  }

  private static String message(Exception trouble) {
    return trouble instanceof java.nio.file.FileSystemException file
        ? HostReason.of(file).text() + ". Check the folder, or name another one in XENOLITH_CACHE."
        : HostReason.of(trouble).text();
  }

  private Installation present(PackageLock lock, ProgressListener progress) throws IOException {
    List<LockedPackage> parts = parts(lock);
    Optional<Installation> here = Installation.of(folder(parts), provenance(parts));
    if (here.isPresent()) {
      return here.get();
    }
    try {
      return fetch(lock, progress);
    } catch (IOException e) {
      List<String> others = others(folder(parts));
      throw others.isEmpty() ? e
          : new IOException(message(e) + ". The cache has " + String.join(", ", others) + ", which is another guest and isn't taken", e);
    }
  }

  /** Versions in the cache other than one. */
  private List<String> others(Path folder) {
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(one -> Files.isRegularFile(one.resolve(CacheManifest.FILE)) && !one.equals(folder)).map(one -> one.getFileName()
          .toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private Installation fetch(PackageLock lock, ProgressListener progress) throws IOException {
    requireSpace();
    List<LockedPackage> parts = parts(lock);
    Path fresh = fresh();
    Path folder = folder(parts);
    Installation installation;
    try (EarlyKernel early = new EarlyKernel(parts.getFirst())) {
      List<Path> files = fetcher.fetch(parts, lock, fresh.resolve("packages"), progress, early);
      progress.progress("unpacking kernel, modules and board trees to " + folder);
      Optional<KernelPackage> kernel = early.kernel();
      Files.move(files.get(0), fresh.resolve(Installation.KERNEL_PACKAGE));
      Files.move(files.get(1), fresh.resolve(Installation.BUSYBOX_PACKAGE));
      installation = Installation.build(fresh, folder, provenance(parts), kernel);
    }
    for (String module : installation.manifest().absent()) {
      progress.progress("the kernel package " + parts.getFirst() + " has no module '" + module + "': " + String.join(", ", Installation
          .listsWith(module)) + " will fail in the guest");
    }
    return installation;
  }

  /** A disk that becomes full on the way makes the package client try for minutes. */
  private void requireSpace() throws IOException {
    long free = space.free(Files.createDirectories(root));
    if (free < NEEDED) {
      throw new IOException("there are " + free / MEBIBYTE + " MiB free, and " + NEEDED / MEBIBYTE
          + " are needed to fetch and unpack it. Make room, or name a folder with more in XENOLITH_CACHE.");
    }
  }

  private Path fresh() throws IOException {
    // Under the lock nobody else uses it: what lies there is left over from a start that was ended.
    Path fresh = root.resolve(UNFINISHED);
    Installation.delete(fresh);
    return Files.createDirectories(fresh.resolve("packages")).getParent();
  }

  private GuestImage image(Installation before, PackageSource source, GuestRequest request, ProgressListener progress) throws IOException {
    SortedMap<String, List<String>> lists = new TreeMap<>(Installation.MODULE_LISTS);
    lists.put("boot", request.modules());
    if (!kind.startsDisks()) {
      // A file system's driver costs each start time.
      lists.remove("root");
    }
    // Those that are known to be absent concern only who loads the list; not so those of the request.
    Installation installation = before.withModules(lists.values().stream().flatMap(List::stream)
        .filter(name -> request.modules().contains(name) || !before.manifest().absent().contains(ModuleInfo.canonical(name))).toList());
    if (request.deviceTrees()) {
      installation.checkDeviceTrees();
    }
    KeptInitramfs initramfs = KeptInitramfs.of(installation, kind.arm(), lists, request.files());
    byte[] initrd = initramfs.bytes();
    String sha256 = initramfs.sha256();
    List<Provenance> provenance = new ArrayList<>(installation.manifest().packages());
    if (!request.packages().isEmpty()) {
      PackageArchive packages = PackageArchive.of(installation, source, request.packages().stream().map(this::ofThisArchitecture).toList(),
          root.resolve(UNFINISHED), request.refresh(),
          progress);
      provenance.addAll(packages.used());
      initrd = joined(packages.packed(), initrd);
      sha256 = Digests.sha256(initrd);
    }
    provenance.add(new Provenance("initramfs", "xenolith", sha256));
    byte[] kernel = installation.read(Installation.KERNEL);
    installation.checked().keep();
    return new GuestImage(name(), kernel, Optional.of(initrd), kind.commandLine(request.console()), provenance,
        kind.arm() ? Optional.of(installation.folder().resolve(Installation.DEVICE_TREES)) : Optional.empty());
  }

  /** Names without an architecture are those of the guest's own. */
  private String ofThisArchitecture(String name) {
    return name.contains(":") ? name : name + kind.architecture;
  }

  /** The kernel unpacks one compressed archive after the other; a later file takes the place of an earlier one. */
  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static List<Provenance> provenance(List<LockedPackage> parts) {
    return parts.stream().map(LockedPackage::provenance).toList();
  }

  private static String title(List<LockedPackage> parts) {
    return parts.stream().map(LockedPackage::toString).collect(Collectors.joining(", "));
  }
}
