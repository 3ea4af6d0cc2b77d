// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.command.api.HostReason;
import org.xenolith.guest.debian.PackageDatabase.ControlFile;

/**
 * Unpacks packages into the tree of a Debian system whose own dpkg configures them later, without running anything of them: what the first
 * stage of debootstrap(8) does for another architecture. Documentation and translations stay packed, and the system's dpkg is told so.
 */
final class SystemTree {
  /** Its folders have modes and owners of their own, which count before those that other packages give the same folders. */
  private static final String FIRST = "base-files";
  private static final List<String> EXCLUDED = List.of("doc", "info", "lintian", "locale", "man");
  private static final Pattern LEFT_OUT = Pattern.compile("usr/share/(?:" + String.join("|", EXCLUDED) + ")/.+");
  private static final Pattern KEPT = Pattern.compile("usr/share/(?:doc/[^/]+(?:/copyright)?|locale/locale\\.alias)");
  private static final String TOLD = EXCLUDED.stream().map(folder -> "path-exclude=/usr/share/" + folder + "/*\n").collect(Collectors
      .joining()) + "path-include=/usr/share/doc/*/copyright\npath-include=/usr/share/locale/locale.alias\n";

  private SystemTree() {}

  /**
   * Writes a tree.
   *
   * @param packages files of packages by the packages' names
   * @param sources where the system's apt finds more
   * @param files what is put there besides, in the place of a package's file too
   * @return the time of its youngest file, in seconds since 1970
   * @throws IOException if a package can't be read, or has what no package has; names it
   */
  static long write(Map<String, Path> packages, String sources, List<GuestFile> files, Path file) throws IOException {
    List<String> order = new ArrayList<>(new TreeMap<>(packages).keySet());
    order.sort((one, other) -> Boolean.compare(first(other), first(one)));
    PackageDatabase database = new PackageDatabase();
    try (TreeArchive tree = new TreeArchive(file)) {
      for (String name : order) {
        try {
          unpack(packages.get(name), tree, database);
        } catch (IOException e) {
          throw new IOException("the package " + name + " can't be unpacked: " + HostReason.of(e).text(), e);
        }
      }
      database.write(tree);
      for (String folder : List.of("boot", "boot/efi", "dev", "etc", "etc/apt", "etc/dpkg", "etc/dpkg/dpkg.cfg.d", "proc", "run", "sys")) {
        tree.folder(folder, 0755);
      }
      tree.file("etc/dpkg/dpkg.cfg.d/image", 0644, TOLD);
      tree.file("etc/apt/sources.list", 0644, sources);
      tree.file("image-system", 0755, Initramfs.resource("image-system"));
      for (GuestFile one : files) {
        tree.file(one.path().substring(1), one.mode(), one.content());
      }
      return tree.latest();
    }
  }

  private static void unpack(Path file, TreeArchive tree, PackageDatabase database) throws IOException {
    Map<String, ControlFile> control = new TreeMap<>();
    DebFile.readControl(file, (entry, content) -> {
      if (DebFile.regular(entry)) {
        control.put(DebFile.path(entry), new ControlFile(entry.getMode(), content.readAllBytes()));
      }
      return true;
    });
    List<String> configuration = PackageDatabase.configuration(control);
    List<String> paths = new ArrayList<>();
    Map<String, String> digests = new TreeMap<>();
    DebFile.read(file, (entry, content) -> {
      String path = DebFile.path(entry);
      // So dpkg writes the root.
      paths.add(path.isEmpty() || path.equals(".") ? "/." : "/" + path);
      if (!path.isEmpty() && !path.equals(".") && !leftOut(path)) {
        tree.copy(entry, configuration.contains("/" + path) ? digested(entry, content, digests) : content);
      }
      return true;
    });
    database.add(control, paths, digests);
  }

  private static boolean first(String name) {
    return name.equals(FIRST) || name.startsWith(FIRST + ":");
  }

  /** Documentation, but for the licences. */
  static boolean leftOut(String path) {
    return LEFT_OUT.matcher(path).matches() && !KEPT.matcher(path).matches();
  }

  private static InputStream digested(TarArchiveEntry entry, InputStream content, Map<String, String> digests) throws IOException {
    byte[] bytes = content.readAllBytes();
    try {
      // dpkg tells by it whether somebody has changed the file.
      digests.put("/" + DebFile.path(entry), HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
    return new ByteArrayInputStream(bytes);
  }
}
