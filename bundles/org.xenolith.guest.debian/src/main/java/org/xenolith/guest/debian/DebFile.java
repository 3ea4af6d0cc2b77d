// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;
import org.xenolith.command.api.HostReason;

/**
 * A Debian package file: an ar archive whose member {@code data.tar.*} holds the package's files, and
 * {@code control.tar.*} what is told about it (Debian, deb(5)).
 */
final class DebFile {
  private static final String DATA = "data.tar";
  private static final String CONTROL = "control.tar";

  private DebFile() {}

  /** Most that unpacking may take of memory, in KiB: who packs with xz -9 has unpackers take 65 MiB. */
  private static final int MOST_MEMORY = 128 << 10;

  /** Where a package's bytes come from; opened as often as they are read. */
  interface Source {
    InputStream open() throws IOException;
  }

  /** Is shown each entry, with its content behind it, to be read at once or not at all. */
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(TarArchiveEntry entry, InputStream content) throws IOException;
  }

  /**
   * Goes through a package's files in the order in which they stand there.
   *
   * @throws IOException if it is no package, or one that is packed in another way than xz or gzip, or damaged; names the file
   */
  static void read(Path file, Visitor visitor) throws IOException {
    read(file.getFileName().toString(), () -> Files.newInputStream(file), visitor);
  }

  /** The same of bytes from elsewhere, by the file's name. */
  static void read(String name, Source source, Visitor visitor) throws IOException {
    read(name, source, DATA, visitor);
  }

  /** The same with what is told about the package: its description, lists and scripts. */
  static void readControl(Path file, Visitor visitor) throws IOException {
    read(file.getFileName().toString(), () -> Files.newInputStream(file), CONTROL, visitor);
  }

  private static void read(String name, Source source, String part, Visitor visitor) throws IOException {
    try (ArArchiveInputStream members = new ArArchiveInputStream(new BufferedInputStream(source.open(), 1 << 16))) {
      for (ArArchiveEntry member; (member = members.getNextEntry()) != null;) {
        if (member.getName().startsWith(part)) {
          entries(new TarArchiveInputStream(unpacked(members, member.getName(), part)), visitor);
          return;
        }
      }
      throw new IOException("it has no member " + part + ".*");
    } catch (IOException e) {
      throw new IOException("the package " + name + " can't be read: " + HostReason.of(Path.of(name), e).text(), e);
    }
  }

  private static void entries(TarArchiveInputStream tar, Visitor visitor) throws IOException {
    boolean more = true;
    for (TarArchiveEntry entry; more && (entry = tar.getNextEntry()) != null;) {
      more = visitor.visit(entry, tar);
    }
  }

  private static InputStream unpacked(InputStream member, String name, String part) throws IOException {
    return switch (name.substring(part.length())) {
      case "" -> member;
      case ".xz" -> new XZInputStream(member, MOST_MEMORY);
      case ".gz" -> new GZIPInputStream(member);
      default -> throw new IOException("its member " + name + " is packed in a way that Debian's packages aren't");
    };
  }

  /** Whether it is a file with content of its own. */
  static boolean regular(TarArchiveEntry entry) {
    return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && !entry.isCharacterDevice() && !entry.isBlockDevice()
        && !entry.isFIFO();
  }

  /** An entry's path without the "./" at its start and the slash at a folder's end. */
  static String path(TarArchiveEntry entry) {
    return plain(entry.getName());
  }

  static String plain(String path) {
    String plain = path.startsWith("./") ? path.substring(2) : path;
    return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
  }
}
