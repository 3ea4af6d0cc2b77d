// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.xenolith.boot.api.Provenance;

/**
 * The list of what lies in one version's cache folder: packages it was taken from, modules that are built into the
 * kernel, and every file with size and SHA-256. The text ends with its own digest.
 *
 * @param packages where the files come from
 * @param builtIn modules that the kernel contains, with underscores
 * @param absent modules that were looked for and that the kernel's package hasn't, with underscores
 * @param files by path in the folder, with slashes
 * @param sha256 the digest of its text
 */
record CacheManifest(List<Provenance> packages, List<String> builtIn, List<String> absent, SortedMap<String, Stored> files, String sha256) {
  static final String FILE = "manifest";
  private static final String FORMAT = "xenolith-guest-cache ";
  /** The second knew no absent modules, and is what is written where there are none. */
  private static final List<String> FORMATS = List.of(FORMAT + "2\n", FORMAT + "3\n");

  /** Size in bytes and SHA-256 of a file. */
  record Stored(long size, String sha256) {
    static Stored of(Path file) throws IOException {
      return new Stored(Files.size(file), Digests.sha256(file));
    }
  }

  /** Reads a folder's manifest; empty when it is missing, damaged or of another format. */
  static Optional<CacheManifest> read(Path folder, CheckedFiles checked) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String before = checked.facts(FILE);
    // Whatever the bytes are, they are some text: damage shows in the digest.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    int seal = text.lastIndexOf("\nend ") + 1;
    if (seal == 0 || FORMATS.stream().noneMatch(text::startsWith)) {
      return Optional.empty();
    }
    String digest = text.substring(seal + "end ".length()).strip();
    if (!checked.still(FILE, digest)) {
      if (!text.substring(seal).equals("end " + Digests.sha256(text.substring(0, seal).getBytes(StandardCharsets.UTF_8)) + "\n")) {
        return Optional.empty();
      }
      checked.note(FILE, FILE, digest, before);
    }
    List<Provenance> packages = new ArrayList<>();
    List<String> builtIn = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    SortedMap<String, Stored> files = new TreeMap<>();
    String[] lines = text.substring(0, seal).split("\n");
    for (int i = 1; i < lines.length; i++) {
      String[] word = lines[i].split(" ", 4);
      switch (word[0]) {
        case "package" -> packages.add(new Provenance(word[1], word[2], word[3]));
        case "builtin" -> builtIn.add(word[1]);
        case "absent" -> absent.add(word[1]);
        default -> files.put(word[3], new Stored(Long.parseLong(word[2]), word[1]));
      }
    }
    return Optional.of(new CacheManifest(packages, builtIn, absent, files, digest));
  }

  /** What lies in a folder. */
  static CacheManifest of(List<Provenance> packages, List<String> builtIn, List<String> absent, SortedMap<String, Stored> files) {
    return new CacheManifest(packages, builtIn, absent, files, Digests.sha256(text(packages, builtIn, absent, files)));
  }

  private static byte[] text(List<Provenance> packages, List<String> builtIn, List<String> absent, SortedMap<String, Stored> files) {
    StringBuilder text = new StringBuilder(FORMATS.get(absent.isEmpty() ? 0 : 1));
    packages.forEach(part -> text.append("package ").append(part.name()).append(' ').append(part.version()).append(' ').append(part
        .sha256()).append('\n'));
    builtIn.forEach(module -> text.append("builtin ").append(module).append('\n'));
    absent.forEach(module -> text.append("absent ").append(module).append('\n'));
    files.forEach((path, stored) -> text.append("file ").append(stored.sha256).append(' ').append(stored.size).append(' ').append(path)
        .append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the manifest so that a reader sees the old one or this one. */
  void write(Path folder) throws IOException {
    String text = new String(text(packages, builtIn, absent, files), StandardCharsets.UTF_8);
    replace(folder.resolve(FILE), (text + "end " + sha256 + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the files come from just these packages. Not by {@code equals}, which the JVM generates at the first use: 10 ms of a start. */
  boolean from(List<Provenance> others) {
    boolean same = packages.size() == others.size();
    for (int i = 0; same && i < packages.size(); i++) {
      Provenance ours = packages.get(i);
      Provenance other = others.get(i);
      same = ours.name().equals(other.name()) && ours.version().equals(other.version()) && ours.sha256().equals(other.sha256());
    }
    return same;
  }

  /** The first file that is not as it was stored, in words; empty when all are right. */
  Optional<String> firstDamage(Path folder, Iterable<String> paths) throws IOException {
    for (String path : paths) {
      Stored stored = files.get(path);
      Path file = folder.resolve(path);
      if (stored == null) {
        return Optional.of(path + " is not in the manifest");
      }
      if (!Files.isRegularFile(file)) {
        return Optional.of(path + " is missing");
      }
      if (Files.size(file) != stored.size || !Digests.sha256(file).equals(stored.sha256)) {
        return Optional.of(path + " is damaged");
      }
    }
    return Optional.empty();
  }

  /** Puts a file in place in one step. */
  static void replace(Path file, byte[] content) throws IOException {
    Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
    try {
      Files.write(fresh, content);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    moved(fresh, file);
  }

  /** Moves a file to where another may be, in one step if the file system can. */
  static void moved(Path fresh, Path file) throws IOException {
    if (Files.isDirectory(file)) {
      Installation.delete(file);
    }
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  Map<String, Stored> filesUnder(String folder) {
    return files.subMap(folder + "/", folder + "0");
  }
}
