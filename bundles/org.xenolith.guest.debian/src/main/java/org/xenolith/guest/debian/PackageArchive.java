// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.api.Provenance;
import org.xenolith.command.api.HostReason;

/**
 * The files of requested packages as a compressed archive that the kernel unpacks before the rest of the first root file
 * system. It is made once per list of names and kept with the kernel's version; the packages themselves are not kept.
 *
 * @param packed the archive
 * @param used the packages that something was taken from
 */
record PackageArchive(byte[] packed, List<Provenance> used) {
  /** In the guest: names and versions of the packages that files were taken from. */
  static final String LIST = "/lib/xenolith/packages";
  private static final String FOLDER = "tools/";
  /** Behind the names of packages that aren't of arm64. */
  private static final String OTHER = ":amd64";

  /**
   * Gives the archive, from the cache when it is there and made of the packages that the lock names. Packages that the lock doesn't know
   * are taken as the archive has them when they are asked for first, or with {@code refresh}.
   *
   * @param fresh a folder for what is downloaded; emptied before and deleted afterwards
   */
  static PackageArchive of(Installation installation, PackageSource source, Collection<String> names, Path fresh, boolean refresh,
      ProgressListener progress) throws IOException {
    SortedSet<String> wanted = new TreeSet<>(names);
    String path = FOLDER + Digests.sha256(String.join(" ", wanted).getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    boolean here = installation.manifest().files().containsKey(path + ".cpio.gz");
    Optional<List<LockedPackage>> locked = source.lock().closure(wanted);
    if (here && locked.isEmpty() && !refresh) {
      return read(installation, path);
    }
    try {
      List<LockedPackage> closure = locked.isPresent() ? locked.get() : unlocked(source, wanted, progress);
      if (here && lines(closure, new TreeSet<>()).equals(lines(installation, path))) {
        return read(installation, path);
      }
      Map<String, byte[]> files = make(source, wanted, closure, fresh, progress);
      return read(installation.withFiles(Map.of(path + ".cpio.gz", files.get("archive"), path + ".list", files.get("list"))), path);
    } catch (IOException e) {
      if (!here || locked.isPresent()) {
        throw e;
      }
      progress.progress("can't look for newer packages (" + HostReason.of(e).text() + "); using those that are here");
      return read(installation, path);
    }
  }

  private static List<LockedPackage> unlocked(PackageSource source, SortedSet<String> wanted, ProgressListener progress)
      throws IOException {
    SortedSet<String> unknown = new TreeSet<>(wanted);
    unknown.removeAll(source.lock().closures().keySet());
    String who = String.join(", ", unknown) + (unknown.size() == 1 ? " is" : " are") + " not in the lock";
    Optional<PackageClient.Unusable> trouble = source.client().unusable();
    if (trouble.isPresent()) {
      throw new IOException(who + ", and " + trouble.get().reason() + ". " + trouble.get().remedy());
    }
    source.client().update(progress);
    List<LockedPackage> closure;
    try {
      closure = source.client().closure(wanted);
    } catch (IOException e) {
      throw new IOException(HostReason.of(e).text() + lockedForOther(source.lock(), unknown), e);
    }
    progress.progress(who + ": taking " + closure.size() + " packages as the archive has them now");
    return closure;
  }

  /** Of packages that can't be had, those that the lock has for the other architecture: that is what is wrong, mostly. */
  private static String lockedForOther(PackageLock lock, SortedSet<String> unknown) {
    StringBuilder text = new StringBuilder();
    for (String name : unknown) {
      boolean amd64 = name.endsWith(OTHER);
      String twin = amd64 ? name.substring(0, name.length() - OTHER.length()) : name + OTHER;
      if (lock.packages().containsKey(twin)) {
        text.append(". The guest is of ").append(amd64 ? "amd64" : "arm64").append(", and ").append(twin.replace(OTHER, "")).append(
            " is locked for ").append(amd64 ? "arm64" : "amd64").append(
                " only: name a package that Debian has for the guest's architecture");
      }
    }
    return text.toString();
  }

  private static Map<String, byte[]> make(PackageSource source, SortedSet<String> wanted, List<LockedPackage> closure, Path fresh,
      ProgressListener progress) throws IOException {
    Installation.delete(fresh);
    List<Path> archives = source.fetcher().fetch(closure, source.lock(), fresh, progress);
    SortedMap<String, Path> byName = new TreeMap<>();
    for (int i = 0; i < closure.size(); i++) {
      byName.put(closure.get(i).name(), archives.get(i));
    }
    progress.progress("taking files out of " + String.join(", ", wanted) + " and what they need");
    PackageFiles chosen = new PackageFiles(byName).choose(wanted);
    for (String missing : chosen.missing()) {
      progress.progress("no package holds " + missing);
    }
    CpioArchive archive = new CpioArchive();
    chosen.addTo(archive);
    StringBuilder list = new StringBuilder();
    closure.stream().filter(one -> chosen.sources().contains(one.name())).forEach(one -> list.append(one).append('\n'));
    archive.file(LIST, 0644, list.toString().getBytes(StandardCharsets.UTF_8));
    Installation.delete(fresh);
    return Map.of("archive", Initramfs.gzip(archive.bytes()),
        "list", (String.join("\n", lines(closure, chosen.sources())) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A line for each package: name, version, digest; and a mark when something was taken from it. */
  private static List<String> lines(List<LockedPackage> closure, SortedSet<String> used) {
    return closure.stream().map(one -> one + " " + one.sha256() + (used.contains(one.name()) ? " used" : ""))
        .toList();
  }

  private static List<String> lines(Installation installation, String path) throws IOException {
    return text(installation, path).map(line -> line.replaceFirst(" used$", "")).toList();
  }

  private static PackageArchive read(Installation installation, String path) throws IOException {
    List<Provenance> used = new ArrayList<>();
    text(installation, path).filter(line -> line.endsWith(" used")).map(line -> line.split(" "))
        .forEach(word -> used.add(new Provenance(word[0], word[1], word[2])));
    return new PackageArchive(installation.read(path + ".cpio.gz"), used);
  }

  private static Stream<String> text(Installation installation, String path) throws IOException {
    return new String(installation.read(path + ".list"), StandardCharsets.UTF_8).lines();
  }
}
