// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xenolith.command.api.HostReason;

/**
 * Which packages of Debian's the guests are made of: each with version, size, digest and place, so that every machine has the same
 * guest whatever the archive has meanwhile. A text of lines of words; what follows "#" at a line's beginning is a remark:
 *
 * <pre>
 * archive ADDRESS POOL SUITE...     where a package lies whose path begins with POOL (the longest counts), and what suites list it
 * guest NAME KERNEL SHELL           the packages of a guest
 * image NAME PACKAGE...             the packages of a disk image, with all that they need
 * with NAME PACKAGE...              what a package needs, with which it can be added to a guest or a disk image
 * alone NAME                        a package of which tests take a file
 * package NAME VERSION SIZE SHA256 PATH
 * end                               the last line
 * </pre>
 *
 * @param archives Debian's archives
 * @param guests kernel and shell of each guest, by its name
 * @param images all packages of each disk image, by its name
 * @param closures what each package that can be asked for needs, itself among it
 * @param alone packages that are wanted without what they need
 * @param packages all of them, by name
 */
record PackageLock(List<Archive> archives, SortedMap<String, List<String>> guests, SortedMap<String, List<String>> images,
    SortedMap<String, List<String>> closures, SortedSet<String> alone, SortedMap<String, LockedPackage> packages) {
  private static final String FORMAT = "xenolith-package-lock 1";

  /**
   * An archive.
   *
   * @param address URL without a slash at its end
   * @param pool how the paths of its packages begin
   * @param suites what it is made of, for the package client
   */
  record Archive(String address, String pool, List<String> suites) {}

  PackageLock {
    List<List<String>> used = new ArrayList<>(guests.values());
    used.addAll(images.values());
    used.addAll(closures.values());
    used.add(List.copyOf(alone));
    used.add(List.copyOf(closures.keySet()));
    for (List<String> names : used) {
      for (String name : names) {
        if (!packages.containsKey(name)) {
          throw new IllegalArgumentException("the package " + name + " is named and has no line of its own");
        }
      }
    }
    guests.forEach((name, parts) -> {
      if (parts.size() != 2) {
        throw new IllegalArgumentException("the guest " + name + " is a kernel and a shell, not " + parts);
      }
    });
    for (LockedPackage one : packages.values()) {
      if (archives.stream().noneMatch(archive -> one.path().startsWith(archive.pool()))) {
        throw new IllegalArgumentException("no archive has " + one.path());
      }
    }
  }

  /**
   * Reads a lock.
   *
   * @throws IllegalArgumentException if it is none; names the line
   */
  static PackageLock parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(FORMAT) || !lines.getLast().equals("end")) {
      throw new IllegalArgumentException("it does not begin with '" + FORMAT + "' and end with 'end'");
    }
    List<Archive> archives = new ArrayList<>();
    SortedMap<String, List<String>> guests = new TreeMap<>();
    SortedMap<String, List<String>> images = new TreeMap<>();
    SortedMap<String, List<String>> closures = new TreeMap<>();
    SortedSet<String> alone = new TreeSet<>();
    SortedMap<String, LockedPackage> packages = new TreeMap<>();
    for (int i = 1; i < lines.size() - 1; i++) {
      List<String> word = Arrays.asList(lines.get(i).split(" "));
      try {
        switch (word.getFirst()) {
          case "archive" -> archives.add(new Archive(word.get(1), word.get(2), List.copyOf(word.subList(3, word.size()))));
          case "guest" -> guests.put(word.get(1), List.copyOf(word.subList(2, word.size())));
          case "image" -> images.put(word.get(1), List.copyOf(word.subList(2, word.size())));
          case "with" -> closures.put(word.get(1), List.copyOf(word.subList(1, word.size())));
          case "alone" -> alone.add(word.get(1));
          case "package" -> packages.put(word.get(1), new LockedPackage(word.get(1), word.get(2), Long.parseLong(word.get(3)), word.get(4),
              word.get(5)));
          default -> {
            if (!word.getFirst().startsWith("#") && !lines.get(i).isEmpty()) {
              throw new IllegalArgumentException("unknown");
            }
          }
        }
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new IllegalArgumentException("line " + (i + 1) + ", '" + lines.get(i) + "': " + HostReason.of(e).text(), e);
      }
    }
    return new PackageLock(List.copyOf(archives), guests, images, closures, alone, packages);
  }

  /** The lock as a text that {@link #parse} reads. */
  String text() {
    StringBuilder text = new StringBuilder(FORMAT).append("\n# Written by 'xenolith packages lock'; see PackageLock.java for the lines.\n");
    archives.forEach(archive -> line(text, "archive " + archive.address + " " + archive.pool, archive.suites));
    guests.forEach((name, parts) -> line(text, "guest " + name, parts));
    images.forEach((name, parts) -> line(text, "image " + name, parts));
    closures.forEach((name, needs) -> line(text, "with " + name, needs.stream().filter(one -> !one.equals(name)).sorted().toList()));
    alone.forEach(name -> line(text, "alone " + name, List.of()));
    packages.values().forEach(one -> line(text, "package " + one + " " + one.size() + " " + one.sha256() + " " + one.path(), List.of()));
    return text.append("end\n").toString();
  }

  private static void line(StringBuilder text, String begin, List<String> words) {
    text.append(begin);
    words.forEach(word -> text.append(' ').append(word));
    text.append('\n');
  }

  /** A guest's kernel and shell; empty if the lock doesn't know the guest. */
  Optional<List<LockedPackage>> guest(String name) {
    return Optional.ofNullable(guests.get(name)).map(parts -> parts.stream().map(packages::get).toList());
  }

  /** All packages of a disk image, sorted by name; empty if the lock doesn't know the image. */
  Optional<List<LockedPackage>> image(String name) {
    return Optional.ofNullable(images.get(name)).map(parts -> parts.stream().map(packages::get).toList());
  }

  /** The named packages and all that they need, sorted by name; empty if the lock doesn't say that of each. */
  Optional<List<LockedPackage>> closure(Collection<String> names) {
    SortedSet<String> all = new TreeSet<>();
    for (String name : names) {
      if (!closures.containsKey(name)) {
        return Optional.empty();
      }
      all.addAll(closures.get(name));
    }
    return Optional.of(all.stream().map(packages::get).toList());
  }

  /** The archive that a package lies in. */
  Archive archive(LockedPackage one) {
    return archives.stream().filter(archive -> one.path().startsWith(archive.pool)).max(Comparator.comparing(archive -> archive.pool
        .length()))
        .orElseThrow(() -> new IllegalArgumentException("no archive has " + one.path()));
  }
}
