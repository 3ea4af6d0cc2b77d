// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * Writes an archive in the "new ASCII" cpio format that Linux unpacks as its first root file system (Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst). The same entries always give the same bytes: sorted by
 * path, owner root, times zero. Device nodes are just entries, so no privilege is needed.
 */
final class CpioArchive {
  private static final int BLOCK = 512;

  private final Map<String, Entry> entries = new TreeMap<>();

  private record Entry(int mode, int major, int minor, byte[] data) {}

  /** Adds a folder; folders above it come by themselves. A path begins with a slash, as in the guest. */
  CpioArchive directory(String path) {
    return put(path, new Entry(CpioConstants.C_ISDIR | 0755, 0, 0, new byte[0]));
  }

  CpioArchive file(String path, int permissions, byte[] data) {
    return put(path, new Entry(CpioConstants.C_ISREG | permissions, 0, 0, data));
  }

  CpioArchive symbolicLink(String path, String target) {
    return put(path, new Entry(CpioConstants.C_ISLNK | 0777, 0, 0, target.getBytes(StandardCharsets.UTF_8)));
  }

  CpioArchive characterDevice(String path, int permissions, int major, int minor) {
    return put(path, new Entry(CpioConstants.C_ISCHR | permissions, major, minor, new byte[0]));
  }

  private CpioArchive put(String path, Entry entry) {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      String parent = path.substring(0, slash);
      Entry above = entries.get(parent);
      if (above == null) {
        directory(parent);
      } else if ((above.mode & CpioConstants.S_IFMT) != CpioConstants.C_ISDIR) {
        throw new IllegalArgumentException("guest file '" + path + "': '" + parent + "' is not a folder");
      }
    }
    Entry before = entries.get(path);
    if (before != null && (before.mode & CpioConstants.S_IFMT) == CpioConstants.C_ISDIR && (entry.mode & CpioConstants.S_IFMT)
        != CpioConstants.C_ISDIR) {
      throw new IllegalArgumentException("guest file '" + path + "': there is a folder of that name");
    }
    entries.put(path, entry);
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 << 20);
    try (CpioArchiveOutputStream out = new CpioArchiveOutputStream(bytes, CpioConstants.FORMAT_NEW, BLOCK, "UTF-8")) {
      int inode = 1;
      for (Map.Entry<String, Entry> each : entries.entrySet()) {
        Entry entry = each.getValue();
        CpioArchiveEntry header = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, each.getKey().substring(1), entry.data.length);
        // What isn't said is the library's to choose, and the kernel takes files of one number for one file.
        header.setInode(inode++);
        header.setMode(entry.mode);
        header.setRemoteDeviceMaj(entry.major);
        header.setRemoteDeviceMin(entry.minor);
        out.putArchiveEntry(header);
        out.write(entry.data);
        out.closeArchiveEntry();
      }
      out.finish();
    } catch (IOException e) {
      throw new UncheckedIOException("an archive in memory can't be written", e);
    }
    return bytes.toByteArray();
  }
}
