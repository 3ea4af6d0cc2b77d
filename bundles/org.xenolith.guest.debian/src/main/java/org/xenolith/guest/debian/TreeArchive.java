// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes the tree of a Debian system as a tar archive, so that owners and modes are kept without being root: with numbers for owners, the
 * first folder of a path counting, and what packages have in {@code /bin}, {@code /lib} and {@code /sbin} below {@code /usr}, where these
 * three are links to ("merged /usr", file-hierarchy(7)). Paths have no slash at their beginning.
 */
final class TreeArchive implements AutoCloseable {
  private static final List<String> MERGED = List.of("bin", "lib", "sbin");
  /** The same of packages of amd64, and only there. */
  private static final String MERGED_64 = "lib64";
  private static final int BUFFER = 1 << 20;

  private final TarArchiveOutputStream out;
  private final Set<String> paths = new HashSet<>();
  /** The latest time of a file so far, in seconds since 1970. */
  private long latest;

  TreeArchive(Path file) throws IOException {
    out = new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER), StandardCharsets.UTF_8.name());
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    folder("usr", 0755);
    for (String name : MERGED) {
      merge(name);
    }
  }

  private void merge(String name) throws IOException {
    folder("usr/" + name, 0755);
    link(name, "usr/" + name);
  }

  /** The latest time of a file that was copied, in seconds since 1970: what is made of the archive is no older. */
  long latest() {
    return latest;
  }

  /**
   * Copies an entry of a package.
   *
   * @throws IOException if it leads out of the tree, or is nothing that a package has
   */
  void copy(TarArchiveEntry entry, InputStream content) throws IOException {
    String path = merged(DebFile.path(entry));
    if ((path.equals(MERGED_64) || path.startsWith("usr/" + MERGED_64 + "/")) && !paths.contains(MERGED_64)) {
      merge(MERGED_64);
    }
    if (!inside(path)) {
      throw new IOException("the path '" + entry.getName() + "' leads out of the system");
    }
    if (entry.isDirectory() || entry.isSymbolicLink()) {
      // Of the links of /usr, and where a package has a folder in the place of another's link to one, the first counts.
      if (!paths.add(path)) {
        return;
      }
    }
    TarArchiveEntry copy;
    if (entry.isDirectory()) {
      copy = new TarArchiveEntry(path + "/", TarArchiveEntry.LF_DIR);
    } else if (entry.isSymbolicLink() || entry.isLink()) {
      copy = new TarArchiveEntry(path, entry.isLink() ? TarArchiveEntry.LF_LINK : TarArchiveEntry.LF_SYMLINK);
      copy.setLinkName(entry.isLink() ? merged(DebFile.plain(entry.getLinkName())) : entry.getLinkName());
    } else if (DebFile.regular(entry)) {
      copy = new TarArchiveEntry(path);
      copy.setSize(entry.getSize());
    } else {
      throw new IOException("'" + path + "' is neither file, folder nor link");
    }
    copy.setMode(entry.getMode());
    copy.setIds((int) entry.getLongUserId(), (int) entry.getLongGroupId());
    copy.setModTime(entry.getModTime());
    latest = Math.max(latest, entry.getModTime().getTime() / 1000);
    out.putArchiveEntry(copy);
    if (DebFile.regular(entry)) {
      content.transferTo(out);
    }
    out.closeArchiveEntry();
  }

  /** Adds a folder of root's, if it is not there. */
  void folder(String path, int mode) throws IOException {
    if (paths.add(path)) {
      put(new TarArchiveEntry(path + "/", TarArchiveEntry.LF_DIR), mode, new byte[0]);
    }
  }

  /** Adds a file of root's, as old as the youngest that was copied. */
  void file(String path, int mode, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(merged(path));
    entry.setSize(content.length);
    put(entry, mode, content);
  }

  /** The same with text. */
  void file(String path, int mode, String content) throws IOException {
    file(path, mode, content.getBytes(StandardCharsets.UTF_8));
  }

  private void link(String path, String target) throws IOException {
    paths.add(path);
    TarArchiveEntry entry = new TarArchiveEntry(path, TarArchiveEntry.LF_SYMLINK);
    entry.setLinkName(target);
    put(entry, 0777, new byte[0]);
  }

  private void put(TarArchiveEntry entry, int mode, byte[] content) throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setUserName("");
    entry.setGroupName("");
    entry.setModTime(latest * 1000);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static String merged(String path) {
    int slash = path.indexOf('/');
    String first = slash > 0 ? path.substring(0, slash) : "";
    return MERGED.contains(first) || first.equals(MERGED_64) ? "usr/" + path : path;
  }

  private static boolean inside(String path) {
    return !path.isEmpty() && !path.startsWith("/") && List.of(path.split("/")).stream().noneMatch(List.of("", ".", "..")::contains);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
