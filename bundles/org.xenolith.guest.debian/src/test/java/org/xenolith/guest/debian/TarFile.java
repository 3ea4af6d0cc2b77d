// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Makes package files for tests. */
final class TarFile {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes);

  TarFile() {
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
  }

  TarFile file(String path, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(content.length);
    return put(entry, content);
  }

  TarFile folder(String path) {
    return put(new TarArchiveEntry(path), new byte[0]);
  }

  /** A symbolic link (type 2) or a further name of a file (type 1). */
  TarFile link(String path, char type, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(path, (byte) type);
    entry.setLinkName(target);
    return put(entry, new byte[0]);
  }

  /** A device, which no package of Debian's has. */
  TarFile device(String path) {
    return put(new TarArchiveEntry(path, TarArchiveEntry.LF_CHR), new byte[0]);
  }

  private TarFile put(TarArchiveEntry entry, byte[] content) {
    try {
      entry.setModTime(0);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** A file, folder or link with owners and permissions. */
  TarFile owned(String path, int mode, int user, int group, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setMode(mode);
    entry.setIds(user, group);
    entry.setSize(content.length);
    return put(entry, content);
  }

  /** The package file with what is told about it. */
  byte[] deb(TarFile control) {
    try {
      out.finish();
      control.out.finish();
      ByteArrayOutputStream deb = new ByteArrayOutputStream();
      try (ArArchiveOutputStream members = new ArArchiveOutputStream(deb)) {
        member(members, "debian-binary", "2.0\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        member(members, "control.tar.xz", xz(control.bytes.toByteArray()));
        member(members, "data.tar.xz", xz(bytes.toByteArray()));
      }
      return deb.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The package file, packed with xz. */
  byte[] deb() {
    try {
      out.finish();
      return deb("data.tar.xz", xz(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A package file with one member for its files. */
  static byte[] deb(String member, byte[] data) {
    ByteArrayOutputStream deb = new ByteArrayOutputStream();
    try (ArArchiveOutputStream members = new ArArchiveOutputStream(deb)) {
      member(members, "debian-binary", "2.0\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      member(members, "control.tar.xz", new byte[10]);
      member(members, member, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return deb.toByteArray();
  }

  private static void member(ArArchiveOutputStream members, String name, byte[] data) throws IOException {
    members.putArchiveEntry(new ArArchiveEntry(name, data.length, 0, 0, 0100644, 0));
    members.write(data);
    members.closeArchiveEntry();
  }

  static byte[] xz(byte[] data) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(packed, new LZMA2Options(0))) {
      xz.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
