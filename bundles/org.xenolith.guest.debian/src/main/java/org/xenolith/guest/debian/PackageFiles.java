// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
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

/**
 * Chooses files of packages for a small root file system: all of the named packages but documentation, and of the
 * packages that they depend on only the shared libraries that chosen programs need and what chosen links lead to.
 */
final class PackageFiles {
  private static final List<String> DOCUMENTATION = List.of("usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/info/",
      "usr/share/lintian/", "usr/share/bug/", "usr/share/bash-completion/", "usr/share/doc-base/");
  private static final List<String> LIBRARY_FOLDERS = List.of("lib/", "usr/lib/", "lib/aarch64-linux-gnu/", "usr/lib/aarch64-linux-gnu/");

  /** The C library loads this one by itself when a thread is cancelled and ends the program when it is missing. */
  private static final String UNWINDER = "libgcc_s.so.1";
  private static final String C_LIBRARY = "libc.so.6";

  /**
   * A file, link or folder.
   *
   * @param owner the package
   * @param type as in {@link TarReader.Entry}, further names being symbolic links here
   */
  private record Node(String owner, char type, int mode, String link, byte[] data) {}

  private final PackageClient client;
  private final Map<String, Path> archives;
  private final SortedMap<String, Node> chosen = new TreeMap<>();
  private final Map<String, Node> libraries = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final SortedSet<String> missing = new TreeSet<>();

  /**
   * @param archives the package files by package name: the wanted ones and all that they depend on
   */
  PackageFiles(PackageClient client, SortedMap<String, Path> archives) {
    this.client = client;
    this.archives = archives;
  }

  /** Chooses for the wanted packages. */
  PackageFiles choose(Collection<String> wanted) throws IOException {
    for (String owner : archives.keySet()) {
      boolean whole = wanted.contains(owner);
      scan(owner, (path, entry, tar) -> {
        owners.putIfAbsent(path, owner);
        if (whole ? DOCUMENTATION.stream().noneMatch((path + "/")::startsWith) : isLibrary(path)) {
          (whole ? chosen : libraries).put(path, node(owner, entry, tar));
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
      switch (node.type) {
        case '5' -> archive.directory("/" + path);
        case '2' -> archive.symbolicLink("/" + path, node.link);
        default -> archive.file("/" + path, node.mode, node.data);
      }
    });
  }

  private void complete() throws IOException {
    Deque<String> open = new ArrayDeque<>(chosen.keySet());
    Set<String> elsewhere = new HashSet<>();
    while (!open.isEmpty()) {
      String path = open.remove();
      Node node = chosen.get(path);
      if (node.type == '2') {
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
      } else if (node.type == '0') {
        for (String library : needs(path, node)) {
          require(library, path, open);
          if (library.equals(C_LIBRARY)) {
            require(UNWINDER, path, open);
          }
        }
      }
      if (open.isEmpty() && !elsewhere.isEmpty()) {
        for (String target : elsewhere) {
          scan(owners.get(target), (found, entry, tar) -> {
            if (found.equals(target)) {
              take(found, node(owners.get(found), entry, tar), open);
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

  private static Node node(String owner, TarReader.Entry entry, TarReader tar) throws IOException {
    return switch (entry.type()) {
      // A further name of a file becomes a symbolic link: programs that look at the name they were called by see it.
      case '1' -> new Node(owner, '2', 0777, "/" + plain(entry.link()), new byte[0]);
      case '2' -> new Node(owner, '2', 0777, entry.link(), new byte[0]);
      case '5' -> new Node(owner, '5', entry.mode(), "", new byte[0]);
      default -> new Node(owner, '0', entry.mode(), "", tar.content());
    };
  }

  private interface Visitor {
    void visit(String path, TarReader.Entry entry, TarReader tar) throws IOException;
  }

  private void scan(String owner, Visitor visitor) throws IOException {
    client.contents(archives.get(owner), stream -> {
      TarReader tar = new TarReader(stream);
      for (TarReader.Entry entry; (entry = tar.next()) != null;) {
        String path = plain(entry.path());
        if (!path.isEmpty() && !path.contains("..") && "0125\0".indexOf(entry.type()) >= 0) {
          visitor.visit(path, entry, tar);
        }
      }
      return null;
    });
  }

  private static String plain(String path) {
    String plain = path.startsWith("./") ? path.substring(2) : path;
    return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
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
