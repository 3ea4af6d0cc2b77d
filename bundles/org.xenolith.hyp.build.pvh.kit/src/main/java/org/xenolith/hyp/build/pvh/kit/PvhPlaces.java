// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.util.List;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo;

/**
 * Where a guest's start_info and initial RAM disk are, as libxenguest of Xen 4.17 places them: on the pages behind the kernel, the disk first; behind the
 * start_info for a kernel that finds modules anywhere.
 *
 * @param data    the start_info with what it names
 * @param ramdisk physical address of the initial RAM disk; 0 if there is none
 */
public record PvhPlaces(StartData data, long ramdisk) {
  /**
   * The places in a guest's memory.
   *
   * @param ramdiskSize in bytes, 0 for none
   * @throws IllegalArgumentException if there is no room
   */
  public static PvhPlaces of(PvhKernel kernel, int ramdiskSize, String commandLine, PvhMap map) {
    long first = StartPages.up(kernel.end());
    boolean after = kernel.anyModule();
    long start = after ? first : StartPages.up(first + ramdiskSize);
    // The size doesn't depend on the addresses.
    long disk = after ? StartPages.up(first + data(start, first, ramdiskSize, commandLine, map).bytes().length) : first;
    StartData data = data(start, disk, ramdiskSize, commandLine, map);
    long end = Math.max(start + data.bytes().length, disk + ramdiskSize);
    if (end > map.low()) {
      throw new IllegalArgumentException("the kernel and its initial RAM disk end at 0x%x, and the domain has %d MiB; give it more memory"
          .formatted(end, map.low() >> 20));
    }
    return new PvhPlaces(data, ramdiskSize == 0 ? 0 : disk);
  }

  private static StartData data(long start, long disk, int ramdiskSize, String commandLine, PvhMap map) {
    return StartData.ofGuest(start, commandLine, ramdiskSize == 0 ? List.of() : List.of(new StartInfo.Module(disk, ramdiskSize, 0)),
        map.rootPointer(), map.entries());
  }
}
