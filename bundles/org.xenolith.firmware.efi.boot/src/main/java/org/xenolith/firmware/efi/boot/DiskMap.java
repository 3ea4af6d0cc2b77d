// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.boot.api.Protocol;

/** File systems and disks by the names that the UEFI Shell gives them: FS and BLK with numbers, each with its device path. */
final class DiskMap {
  private DiskMap() {}

  /** Lines for people. @param path of a handle as text */
  static List<String> lines(BootFirmware firmware, java.util.function.LongFunction<String> path) {
    List<String> lines = new ArrayList<>();
    List<Long> systems = firmware.handles().handles(Protocol.SIMPLE_FILE_SYSTEM);
    for (int i = 0; i < systems.size(); i++) {
      lines.add("%6s  %s".formatted("FS" + i + ":", path.apply(systems.get(i))));
    }
    List<Long> disks = firmware.handles().handles(Protocol.BLOCK_IO);
    for (int i = 0; i < disks.size(); i++) {
      lines.add("%6s  %s".formatted("BLK" + i + ":", path.apply(disks.get(i))));
    }
    return lines;
  }
}
