// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Chooses files of packages for a small root file system: all of the named packages but documentation, and of the
 * packages that they depend on only the shared libraries that chosen programs need and what chosen links lead to.
 */
final class PackageFiles {
  private static final List<String> DOCUMENTATION = List.of("usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/info/",
      "usr/share/lintian/", "usr/share/bug/", "usr/share/bash-completion/", "usr/share/doc-base/");
  /** The dynamic linker of amd64 is in a folder of its own, where programs look for it. */
  private static final List<String> LIBRARY_FOLDERS = List.of("lib64/", "lib/", "usr/lib/", "lib/aarch64-linux-gnu/",
      "usr/lib/aarch64-linux-gnu/", "lib/x86_64-linux-gnu/", "usr/lib/x86_64-linux-gnu/");

  /** The C library loads this one by itself when a thread is cancelled and ends the program when it is missing. */
  private static final String UNWINDER = "libgcc_s.so.1";
  private static final String C_LIBRARY = "libc.so.6";

  /**
   * A file, link or folder.
   *
   * @param owner the package
   * @param kind a further name of a file is a link here
   */
  private record Node(String owner, Kind kind, int mode, String link, byte[] data) {}

  private enum Kind {
    FILE, LINK, FOLDER
  }

  private final Map<String, Path> archives;
  private final SortedMap<String, Node> chosen = new TreeMap<>();
  private final Map<String, Node> libraries = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final SortedSet<String> missing = new TreeSet<>();

  /**
   * @param archives the package files by package name: the wanted ones and all that they depend on
   */
  PackageFiles(SortedMap<String, Path> archives) {
    this.archives = archives;
  }

  /** Chooses for the wanted packages. */
  PackageFiles choose(Collection<String> wanted) throws IOException {
    for (String owner : archives.keySet()) {
      boolean whole = wanted.contains(owner);
      scan(owner, (path, entry, content) -> {
        owners.putIfAbsent(path, owner);
        if (whole ? DOCUMENTATION.stream().noneMatch((path + "/")::startsWith) : isLibrary(path)) {
          (whole ? chosen : libraries).put(path, node(owner, entry, content));
        }
      });
    }
    complete();
    return this;
  }

  /** Names of libraries and targets of links that no package holds. */
  SortedSet<String> missing() {
    return missing;
  }

  /** The packages that something was taken from. */
  SortedSet<String> sources() {
    SortedSet<String> sources = new TreeSet<>();
    chosen.values().forEach(node -> sources.add(node.owner));
    return sources;
  }

  void addTo(CpioArchive archive) {
    chosen.forEach((path, node) -> {
      switch (node.kind) {
        case FOLDER -> archive.directory("/" + path);
        case LINK -> archive.symbolicLink("/" + path, node.link);
        case FILE -> archive.file("/" + path, node.mode, node.data);
      }
    });
  }

  private void complete() throws IOException {
    Deque<String> open = new ArrayDeque<>(chosen.keySet());
    Set<String> elsewhere = new HashSet<>();
    while (!open.isEmpty()) {
      String path = open.remove();
      Node node = chosen.get(path);
      if (node.kind == Kind.LINK) {
        String target = resolve(path, node.link);
        if (target.isEmpty() || chosen.containsKey(target)) {
          continue;
        }
        if (libraries.containsKey(target)) {
          take(target, libraries.get(target), open);
        } else if (owners.containsKey(target)) {
          elsewhere.add(target);
        } else if (chosen.keySet().stream().noneMatch(other -> other.startsWith(target + "/"))) {
          missing.add("/" + path + " -> " + node.link);
        }
      } else if (node.kind == Kind.FILE) {
        for (String library : needs(path, node)) {
          require(library, path, open);
          if (library.equals(C_LIBRARY)) {
            require(UNWINDER, path, open);
          }
        }
      }
      if (open.isEmpty() && !elsewhere.isEmpty()) {
        for (String target : elsewhere) {
          scan(owners.get(target), (found, entry, content) -> {
            if (found.equals(target)) {
              take(found, node(owners.get(found), entry, content), open);
            }
          });
        }
        elsewhere.clear();
      }
    }
  }

  private void require(String library, String user, Deque<String> open) {
    for (String folder : LIBRARY_FOLDERS) {
      if (chosen.containsKey(folder + library)) {
        return;
      }
    }
    for (String folder : LIBRARY_FOLDERS) {
      Node found = libraries.get(folder + library);
      if (found != null) {
        take(folder + library, found, open);
        return;
      }
    }
    missing.add(library + " for /" + user);
  }

  private void take(String path, Node node, Deque<String> open) {
    if (chosen.putIfAbsent(path, node) == null) {
      open.add(path);
    }
  }

  private static List<String> needs(String path, Node node) throws IOException {
    try {
      return ElfNeeds.of(node.data);
    } catch (IllegalArgumentException e) {
      throw new IOException(node.owner + ": /" + path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Libraries lie in one of the standard folders, not below. */
  private static boolean isLibrary(String path) {
    int name = path.lastIndexOf('/') + 1;
    return path.indexOf(".so", name) >= 0 && LIBRARY_FOLDERS.contains(path.substring(0, name));
  }

  private static Node node(String owner, TarArchiveEntry entry, InputStream content) throws IOException {
    if (entry.isDirectory()) {
      return new Node(owner, Kind.FOLDER, 0755, "", new byte[0]);
    }
    if (entry.isSymbolicLink()) {
      return new Node(owner, Kind.LINK, 0777, entry.getLinkName(), new byte[0]);
    }
    // A further name of a file becomes a symbolic link: programs that look at the name they were called by see it.
    return entry.isLink() ? new Node(owner, Kind.LINK, 0777, "/" + DebFile.plain(entry.getLinkName()), new byte[0])
        : new Node(owner, Kind.FILE, entry.getMode() & 07777, "", content.readAllBytes());
  }

  private interface Visitor {
    void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException;
  }

  private void scan(String owner, Visitor visitor) throws IOException {
    DebFile.read(archives.get(owner), (entry, content) -> {
      String path = DebFile.path(entry);
      if (!path.isEmpty() && !path.contains("..") && (DebFile.regular(entry) || entry.isDirectory() || entry.isSymbolicLink() || entry
          .isLink())) {
        visitor.visit(path, entry, content);
      }
      return true;
    });
  }

  /** The path that a link leads to, without a slash at its start; empty when it leads out. */
  private static String resolve(String path, String link) {
    List<String> segments = new ArrayList<>();
    String start = link.startsWith("/") ? link : path.substring(0, path.lastIndexOf('/') + 1) + link;
    for (String segment : start.split("/")) {
      if (segment.equals("..")) {
        if (segments.isEmpty()) {
          return "";
        }
        segments.removeLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return String.join("/", segments);
  }
}
