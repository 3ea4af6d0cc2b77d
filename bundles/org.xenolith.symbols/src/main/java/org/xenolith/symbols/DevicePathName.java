// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xenolith.inspect.api.InspectedMemory;

/** What a UEFI device path in a guest's memory calls a file: its last part, or the GUID of a file in a firmware volume. Source: UEFI Specification 2.10, 10.3 Device Path Nodes. */
final class DevicePathName {
  private static final int MEDIA = 4;
  private static final int FILE = 4;
  private static final int FIRMWARE_FILE = 6;
  private static final int GUID_NODE = 20;
  private static final int MOST_NODES = 64;
  private static final int LONGEST = 4096;

  private DevicePathName() {}

  /** @return empty if there is none */
  static String of(InspectedMemory memory, long path) {
    String name = "";
    long at = path;
    for (int i = 0; i < MOST_NODES && at != 0; i++) {
      int header = GuestWords.half(memory, at);
      int length = header >>> 16;
      if (length < 4 || length > LONGEST) {
        break;
      }
      int type = header & 0xFF;
      int kind = header >>> 8 & 0xFF;
      if (type == MEDIA && kind == FILE) {
        name = last(new String(GuestWords.upTo(memory, at + 4, length - 4), StandardCharsets.UTF_16LE));
      } else if (type == MEDIA && kind == FIRMWARE_FILE && length == GUID_NODE) {
        name = guid(GuestWords.buffer(GuestWords.upTo(memory, at + 4, 16)));
      }
      at += length;
    }
    return name;
  }

  private static String last(String path) {
    String plain = path.replaceAll("[\\x00-\\x1F\\x7F-\\uFFFF]", "");
    return plain.substring(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1);
  }

  private static String guid(ByteBuffer bytes) {
    if (bytes.limit() < 16) {
      return "";
    }
    return "%08x-%04x-%04x-%04x-%012x".formatted(bytes.getInt(0), bytes.getShort(4), bytes.getShort(6), Short.reverseBytes(bytes.getShort(
        8)),
        Long.reverseBytes(bytes.getLong(8)) & 0xFFFF_FFFF_FFFFL);
  }
}
