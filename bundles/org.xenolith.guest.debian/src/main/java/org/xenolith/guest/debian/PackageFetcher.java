// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.kit.FileProgress;
import org.xenolith.command.api.HostReason;

/**
 * Brings exactly the package file that was named, by its digest, or none: from the cache; else, if there is a folder of packages, from
 * that; else from the pool of the archive, over this host's mirrors first; else with the package client. What can't be had is named,
 * with what the archive has in its place and what helps.
 */
final class PackageFetcher {
  /** Names a folder of package files for machines without an archive. */
  static final String FOLDER = "XENOLITH_PACKAGES";

  private final Optional<Path> brought;
  private final Path cache;
  private final PackageClient client;
  private final Download download;

  /**
   * @param environment may name a folder of packages
   * @param cache folder whose subfolders keep packages in a folder {@code packages}
   * @param client asked when the pool has not the file
   * @param download copies what an address leads to
   */
  PackageFetcher(Map<String, String> environment, Path cache, PackageClient client, Download download) {
    String folder = environment.getOrDefault(FOLDER, "");
    this.brought = folder.isBlank() ? Optional.empty() : Optional.of(Path.of(folder).toAbsolutePath());
    this.cache = cache;
    this.client = client;
    this.download = download;
  }

  /** What the folder of packages lacks of these, by its names alone; empty when it lacks nothing or there is none. */
  Optional<String> lack(List<LockedPackage> wanted) {
    return brought.flatMap(folder -> wanted.stream().filter(one -> names(one).stream().noneMatch(name -> Files.exists(folder.resolve(
        name))))
        .findFirst().map(one -> lacks(folder, one)));
  }

  private static String lacks(Path folder, LockedPackage one) {
    return "the folder " + folder + ", which " + FOLDER + " names, has no " + one.file();
  }

  static String remedy() {
    return "'./xenolith packages fetch --to DIR' fetches what belongs there on a machine with a network";
  }

  /**
   * Brings packages.
   *
   * @param folder where the files go, under their packages' names
   * @throws IOException if one of them can't be had; names it
   */
  List<Path> fetch(List<LockedPackage> wanted, PackageLock lock, Path folder, ProgressListener progress) throws IOException {
    return fetch(wanted, lock, folder, progress, Arrivals.NOBODY);
  }

  /** Is told of each file that comes from an archive, as it does; what has come isn't checked. */
  interface Arrivals {
    /** Nobody who wants to know. */
    Arrivals NOBODY = new Arrivals() {
      @Override
      public void arrived(LockedPackage one, Path file, long bytes) {
        // It is read when it is there.
      }

      @Override
      public void checked(LockedPackage one) {
        // As above.
      }
    };

    /** @param bytes how many of the package have been written to the file; 0 before each attempt: what came by an earlier one is void */
    void arrived(LockedPackage one, Path file, long bytes);

    /** What has arrived since the last 0 is all of the package, and has its digest. */
    void checked(LockedPackage one);
  }

  /** The same, told to somebody who can begin with what has come. */
  List<Path> fetch(List<LockedPackage> wanted, PackageLock lock, Path folder, ProgressListener progress, Arrivals arrivals)
      throws IOException {
    List<Path> files = new ArrayList<>();
    Files.createDirectories(folder);
    for (LockedPackage one : wanted) {
      files.add(fetch(one, lock, folder.resolve(one.localFile()), progress, arrivals));
    }
    return files;
  }

  private Path fetch(LockedPackage one, PackageLock lock, Path target, ProgressListener progress, Arrivals arrivals) throws IOException {
    Optional<Path> kept = kept(one);
    if (kept.isPresent()) {
      return Files.copy(kept.get(), target, StandardCopyOption.REPLACE_EXISTING);
    }
    return brought.isPresent() ? fromFolder(one, brought.get(), target) : fromArchive(one, lock, target, progress, arrivals);
  }

  private Optional<Path> kept(LockedPackage one) throws IOException {
    if (!Files.isDirectory(cache)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(cache)) {
      for (Path version : versions.sorted().toList()) {
        if (Files.isDirectory(version.resolve("packages"))) {
          try (Stream<Path> files = Files.list(version.resolve("packages"))) {
            for (Path file : files.sorted().toList()) {
              if (Files.isRegularFile(file) && Files.size(file) == one.size() && Digests.sha256(file).equals(one.sha256())) {
                return Optional.of(file);
              }
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /** As the pool calls it, and as {@code apt-get download} does. */
  private static List<String> names(LockedPackage one) {
    String architecture = one.file().substring(one.file().lastIndexOf('_'));
    return List.of(one.file(), one.bareName() + "_" + one.version().replace(":", "%3a") + architecture);
  }

  private static Path fromFolder(LockedPackage one, Path folder, Path target) throws IOException {
    for (String name : names(one)) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        check(one, file, file.toString());
        return Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    throw new IOException(lacks(folder, one) + " (" + one + "); " + remedy());
  }

  private Path fromArchive(LockedPackage one, PackageLock lock, Path target, ProgressListener progress, Arrivals arrivals)
      throws IOException {
    PackageLock.Archive archive = lock.archive(one);
    List<String> addresses = new ArrayList<>(client.mirrors(archive));
    if (!addresses.contains(archive.address())) {
      addresses.add(archive.address());
    }
    IOException gone = null;
    IOException unreachable = null;
    for (String address : addresses) {
      String url = address + "/" + one.path();
      try {
        progress.progress("fetching " + one + " (" + size(one) + ") from " + url);
        FileProgress told = new FileProgress("fetching " + one.bareName(), one.size(), progress, System::nanoTime);
        arrivals.arrived(one, target, 0);
        download.copy(url, target, told.andThen(bytes -> arrivals.arrived(one, target, bytes)));
        check(one, target, url);
        arrivals.checked(one);
        return target;
      } catch (FileNotFoundException e) {
        gone = new IOException(url + ": no such file", e);
      } catch (WrongDigest e) {
        Files.deleteIfExists(target);
        throw e;
      } catch (IOException e) {
        refuseFull(e);
        unreachable = new IOException(url + ": " + HostReason.of(e).text(), e);
      }
    }
    return withClient(one, lock, target, gone, unreachable, progress);
  }

  /** Some hosts reach an archive with their package client only; and it knows what the archive has in the place of what is gone. */
  private Path withClient(LockedPackage one, PackageLock lock, Path target, IOException gone, IOException unreachable,
      ProgressListener progress) throws IOException {
    String now = "";
    if (client.unusable().isEmpty()) {
      try {
        client.update(progress);
        LockedPackage offered = LockRenewal.successor(one, lock, client);
        if (offered.equals(one)) {
          Path file = client.download(one, target.getParent(), progress);
          check(one, file, "what apt downloaded");
          return file;
        }
        now = "; it has " + offered + " now";
      } catch (WrongDigest e) {
        throw e;
      } catch (IOException e) {
        refuseFull(e);
        now = "; and apt says: " + HostReason.of(e).text();
      }
    }
    if (gone != null) {
      throw new Gone(one, "the archive no longer has " + one + ", which the lock names (" + HostReason.of(gone).text() + ")" + now
          + ". './xenolith packages update' takes what the archive has now; or put that file, from wherever it is kept still, into a folder"
          + " and name the folder in " + FOLDER, gone);
    }
    throw new IOException(one + " is not in the cache and can't be fetched (" + HostReason.of(unreachable).text() + now
        + "). Check the network"
        + " connection; without one, name a folder of packages in " + FOLDER + ": " + remedy(), unreachable);
  }

  /** Trying the next address would not make room. */
  private static void refuseFull(IOException e) throws IOException {
    if (AptClient.FULL.stream().anyMatch(String.valueOf(e.getMessage())::contains)) { // own words: looked for, not shown
      throw e;
    }
  }

  private static String size(LockedPackage one) {
    return one.size() < 1 << 20 ? (one.size() + 1023 >> 10) + " KiB" : (one.size() + (1 << 19) >> 20) + " MiB";
  }

  /** An archive had a package, and has it no longer. */
  static final class Gone extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient LockedPackage gone;

    Gone(LockedPackage gone, String message, IOException cause) {
      super(message, cause);
      this.gone = gone;
    }

    LockedPackage gone() {
      return gone;
    }
  }

  /** A file is not the one that was asked for. */
  private static final class WrongDigest extends IOException {
    private static final long serialVersionUID = 1L;

    WrongDigest(String message) {
      super(message);
    }
  }

  private static void check(LockedPackage one, Path file, String origin) throws IOException {
    String digest = Digests.sha256(file);
    if (!digest.equals(one.sha256())) {
      throw new WrongDigest("the package " + one + " is not what it should be: " + origin + " has the SHA-256 " + digest + " and "
          + Files.size(file) + " bytes, the lock says " + one.sha256() + " and " + one.size() + ". It was not used. A mirror, a proxy or a"
          + " copy damaged it, or somebody changed it: fetch it again, from elsewhere if it stays so, and name the folder in " + FOLDER);
    }
  }
}
