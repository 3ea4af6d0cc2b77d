// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an archive in the "new ASCII" cpio format that Linux unpacks as its first root file system (Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst). The same entries always give the same bytes: sorted by
 * path, owner root, times zero. Device nodes are just entries, so no privilege is needed.
 */
final class CpioArchive {
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int SYMBOLIC_LINK = 0120000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK = 512;
  private static final HexFormat FIELD = HexFormat.of().withUpperCase();

  private final Map<String, Entry> entries = new TreeMap<>();

  private record Entry(int mode, int major, int minor, byte[] data) {}

  /** Adds a folder; folders above it come by themselves. A path begins with a slash, as in the guest. */
  CpioArchive directory(String path) {
    return put(path, new Entry(DIRECTORY | 0755, 0, 0, new byte[0]));
  }

  CpioArchive file(String path, int permissions, byte[] data) {
    return put(path, new Entry(REGULAR | permissions, 0, 0, data));
  }

  CpioArchive symbolicLink(String path, String target) {
    return put(path, new Entry(SYMBOLIC_LINK | 0777, 0, 0, target.getBytes(StandardCharsets.UTF_8)));
  }

  CpioArchive characterDevice(String path, int permissions, int major, int minor) {
    return put(path, new Entry(CHARACTER_DEVICE | permissions, major, minor, new byte[0]));
  }

  private CpioArchive put(String path, Entry entry) {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      String parent = path.substring(0, slash);
      Entry above = entries.get(parent);
      if (above == null) {
        directory(parent);
      } else if ((above.mode & 0170000) != DIRECTORY) {
        throw new IllegalArgumentException("guest file '" + path + "': '" + parent + "' is not a folder");
      }
    }
    Entry before = entries.get(path);
    if (before != null && (before.mode & 0170000) == DIRECTORY && (entry.mode & 0170000) != DIRECTORY) {
      throw new IllegalArgumentException("guest file '" + path + "': there is a folder of that name");
    }
    entries.put(path, entry);
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4 << 20);
    int inode = 1;
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      write(out, inode++, entry.getKey().substring(1), entry.getValue());
    }
    write(out, 0, "TRAILER!!!", new Entry(0, 0, 0, new byte[0]));
    pad(out, BLOCK);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int inode, String name, Entry entry) {
    byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
    int links = (entry.mode & 0170000) == DIRECTORY ? 2 : 1;
    int[] fields = {inode, entry.mode, 0, 0, links, 0, entry.data.length, 0, 0, entry.major, entry.minor, nameBytes.length, 0};
    StringBuilder header = new StringBuilder("070701");
    for (int field : fields) {
      header.append(FIELD.toHexDigits(field));
    }
    out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(nameBytes);
    pad(out, 4);
    out.writeBytes(entry.data);
    pad(out, 4);
  }

  private static void pad(ByteArrayOutputStream out, int alignment) {
    while (out.size() % alignment != 0) {
      out.write(0);
    }
  }
}
