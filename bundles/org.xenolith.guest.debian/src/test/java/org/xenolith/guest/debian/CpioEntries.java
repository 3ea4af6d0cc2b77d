// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads an archive back: path to mode, device and content. A second reading of the format than the writer's. */
final class CpioEntries {
  record Entry(int mode, String device, byte[] data) {
    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  private CpioEntries() {}

  static Map<String, Entry> of(byte[] archive) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (int at = 0;;) {
      String header = new String(archive, at, 110, StandardCharsets.US_ASCII);
      if (!header.startsWith("070701")) {
        throw new IllegalArgumentException("no header at " + at);
      }
      int size = hex(header, 6);
      int nameSize = hex(header, 11);
      String name = new String(archive, at + 110, nameSize - 1, StandardCharsets.UTF_8);
      int data = at + 110 + nameSize + 3 & ~3;
      if (name.equals("TRAILER!!!")) {
        // The kernel reads one archive after the other.
        at = data + 511 & ~511;
        if (at >= archive.length) {
          return entries;
        }
        continue;
      }
      entries.put("/" + name, new Entry(hex(header, 1), hex(header, 9) + ":" + hex(header, 10), Arrays.copyOfRange(archive, data, data
          + size)));
      at = data + size + 3 & ~3;
    }
  }

  private static int hex(String header, int field) {
    return Integer.parseUnsignedInt(header, 6 + 8 * field, 14 + 8 * field, 16);
  }
}
