// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

  /**
   * Gives the archive, from the cache when it is there.
   *
   * @param fresh a folder for what is downloaded; emptied before and deleted afterwards
   * @param refresh look whether newer packages are there
   */
  static PackageArchive of(Installation installation, PackageClient client, Collection<String> names, Path fresh, boolean refresh,
      ProgressListener progress) throws IOException {
    SortedSet<String> wanted = new TreeSet<>(names);
    String path = FOLDER + Digests.sha256(String.join(" ", wanted).getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    boolean here = installation.manifest().files().containsKey(path + ".cpio.gz");
    if (here && !refresh) {
      return read(installation, path);
    }
    try {
      List<PackageClient.Package> closure = closure(client, wanted, progress);
      if (here && lines(closure, new TreeSet<>()).equals(lines(installation, path))) {
        return read(installation, path);
      }
      Map<String, byte[]> files = make(client, wanted, closure, fresh, progress);
      return read(installation.withFiles(Map.of(path + ".cpio.gz", files.get("archive"), path + ".list", files.get("list"))), path);
    } catch (IOException e) {
      if (!here) {
        throw e;
      }
      progress.progress("can't look for newer packages (" + e.getMessage() + "); using those that are here");
      return read(installation, path);
    }
  }

  private static List<PackageClient.Package> closure(PackageClient client, SortedSet<String> wanted, ProgressListener progress)
      throws IOException {
    Optional<PackageClient.Unusable> trouble = client.unusable();
    if (trouble.isPresent()) {
      throw new IOException(trouble.get().reason() + ". " + trouble.get().remedy());
    }
    client.update(progress);
    return client.closure(wanted);
  }

  private static Map<String, byte[]> make(PackageClient client, SortedSet<String> wanted, List<PackageClient.Package> closure, Path fresh,
      ProgressListener progress) throws IOException {
    Installation.delete(fresh);
    Files.createDirectories(fresh);
    List<Path> archives = client.download(closure, fresh, progress);
    SortedMap<String, Path> byName = new TreeMap<>();
    for (int i = 0; i < closure.size(); i++) {
      byName.put(closure.get(i).name(), archives.get(i));
    }
    progress.progress("taking files out of " + String.join(", ", wanted) + " and what they need");
    PackageFiles chosen = new PackageFiles(client, byName).choose(wanted);
    for (String missing : chosen.missing()) {
      progress.progress("no package holds " + missing);
    }
    CpioArchive archive = new CpioArchive();
    chosen.addTo(archive);
    StringBuilder list = new StringBuilder();
    closure.stream().filter(one -> chosen.sources().contains(one.name()))
        .forEach(one -> list.append(one.name()).append(' ').append(one.version()).append('\n'));
    archive.file(LIST, 0644, list.toString().getBytes(StandardCharsets.UTF_8));
    Installation.delete(fresh);
    return Map.of("archive", Initramfs.gzip(archive.bytes()),
        "list", (String.join("\n", lines(closure, chosen.sources())) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A line for each package: name, version, digest; and a mark when something was taken from it. */
  private static List<String> lines(List<PackageClient.Package> closure, SortedSet<String> used) {
    return closure.stream().map(one -> one.name() + " " + one.version() + " " + one.sha256() + (used.contains(one.name()) ? " used" : ""))
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
