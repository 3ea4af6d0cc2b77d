// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xenolith.block.kit.SparseFile;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.FirmwareFiles;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.kit.CacheLock;
import org.xenolith.command.api.HostReason;

/** The files of UEFI firmware out of the Debian package that the lock names, kept in the cache. */
final class DebianFirmware {
  private static final String PACKAGE = "qemu-efi-aarch64";
  private static final String CODE = "code.fd";
  private static final String VARIABLES = "variables.fd";
  /** Files of the package, and what they are called here. */
  private static final Map<String, String> FILES = Map.of("usr/share/qemu-efi-aarch64/QEMU_EFI.fd", CODE, "usr/share/AAVMF/AAVMF_VARS.fd",
      VARIABLES);
  private static final String UNFINISHED = ".unfinished";

  private final Path root;
  private final Locks locks;
  private final PackageFetcher fetcher;

  /** @param root folder of the cache for it */
  DebianFirmware(Path root, Locks locks, PackageFetcher fetcher) {
    this.root = root;
    this.locks = locks;
    this.fetcher = fetcher;
  }

  /** That of this host. */
  static DebianFirmware of(HostPackages host) {
    Path root = host.folder(DebianKernel.USUAL).resolveSibling(PACKAGE);
    return new DebianFirmware(root, host.locks(), host.fetcher(root, host.client(root)));
  }

  private static LockedPackage wanted(PackageLock lock) throws IOException {
    LockedPackage wanted = lock.packages().get(PACKAGE);
    if (wanted == null) {
      throw new IOException("the lock names no package " + PACKAGE + "; './xenolith packages reset' goes back to Xenolith's");
    }
    return wanted;
  }

  private Path folder(LockedPackage one) {
    return root.resolve(one.version().replace(':', '%').replace('/', '%'));
  }

  Availability availability() {
    try {
      LockedPackage wanted = wanted(locks.current());
      if (Files.isRegularFile(folder(wanted).resolve(CacheManifest.FILE))) {
        return Availability.ready(wanted + " in " + folder(wanted));
      }
      Optional<String> lack = fetcher.lack(List.of(wanted));
      if (lack.isPresent()) {
        return Availability.unavailable(wanted + " is not in the cache, and " + lack.get() + ".", "Put it there: " + PackageFetcher.remedy()
            + ".");
      }
    } catch (IOException | IllegalArgumentException e) {
      // obtain() will meet the same trouble and can say more.
    }
    return Availability.fetchable("not in " + root + " yet; 3 MB will be downloaded from Debian's archive");
  }

  /** @throws BootException if it can't be had */
  FirmwareFiles obtain(ProgressListener progress) {
    try (CacheLock lock = CacheLock.acquire(root.resolve("lock"), progress)) {
      PackageLock packages = locks.current();
      LockedPackage wanted = wanted(packages);
      Path folder = folder(wanted);
      if (!whole(folder, wanted)) {
        fetch(wanted, packages, folder, progress);
      }
      return new FirmwareFiles(folder.resolve(CODE), Optional.of(folder.resolve(VARIABLES)), List.of(wanted.provenance()));
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new BootException("the firmware of " + PACKAGE + " can't be prepared in " + root + ": " + HostReason.of(e).text(), e);
    }
  }

  private static boolean whole(Path folder, LockedPackage wanted) throws IOException {
    CheckedFiles checked = CheckedFiles.of(folder);
    Optional<CacheManifest> manifest = CacheManifest.read(folder, checked).filter(one -> one.from(List.of(wanted.provenance())));
    if (manifest.isEmpty()) {
      return false;
    }
    for (var file : manifest.get().files().entrySet()) {
      String path = file.getKey();
      String digest = file.getValue().sha256();
      if (!checked.still(path, digest)) {
        String before = checked.facts(path);
        if (manifest.get().firstDamage(folder, List.of(path)).isPresent()) {
          return false;
        }
        checked.note(path, path, digest, before);
      }
    }
    checked.keep();
    return true;
  }

  private void fetch(LockedPackage wanted, PackageLock lock, Path folder, ProgressListener progress) throws IOException {
    Path fresh = root.resolve(UNFINISHED);
    Installation.delete(fresh);
    Files.createDirectories(fresh);
    try {
      Path arrival = fresh.resolve("packages");
      Path archive = fetcher.fetch(List.of(wanted), lock, arrival, progress).getFirst();
      SortedMap<String, CacheManifest.Stored> files = new TreeMap<>();
      DebFile.read(archive, (entry, content) -> {
        String name = FILES.get(DebFile.path(entry));
        if (name != null && DebFile.regular(entry)) {
          // 64 MiB of almost nothing.
          SparseFile.write(Channels.newChannel(content), fresh.resolve(name));
          files.put(name, CacheManifest.Stored.of(fresh.resolve(name)));
        }
        return files.size() < FILES.size();
      });
      if (files.size() < FILES.size()) {
        throw new IOException("the package " + wanted + " has only " + files.keySet() + " of " + FILES.keySet());
      }
      Installation.delete(arrival);
      CacheManifest.of(List.of(wanted.provenance()), List.of(), List.of(), files).write(fresh);
      Installation.delete(folder);
      Files.move(fresh, folder);
    } finally {
      Installation.delete(fresh);
    }
  }
}
