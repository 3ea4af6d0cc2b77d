// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.HandleFacts;
import org.xenolith.efi.boot.api.Protocol;

/** File systems and disks by the names that the UEFI Shell gives them: FS and BLK with numbers, each with its device path. */
final class DiskMap {
  private DiskMap() {}

  /** Lines for people. */
  static List<String> lines(List<HandleFacts> handles) {
    List<String> lines = new ArrayList<>();
    add(lines, handles, "FS", Protocol.SIMPLE_FILE_SYSTEM);
    add(lines, handles, "BLK", Protocol.BLOCK_IO);
    return lines;
  }

  private static void add(List<String> lines, List<HandleFacts> handles, String name, EfiGuid protocol) {
    int number = 0;
    for (HandleFacts handle : handles) {
      if (handle.has(protocol)) {
        lines.add("%6s  %s".formatted(name + number++ + ":", handle.path()));
      }
    }
  }
}
