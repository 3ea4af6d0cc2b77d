// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.util.Arrays;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;

/** Short forms of device paths in load options (UEFI 2.10, 3.1.2): one that begins with a partition means that partition on whichever disk has it. */
final class ShortPath {
  private static final int PARTITION = 1;
  private static final int HEADER = 4;

  private ShortPath() {}

  /**
   * The whole path that an option's means.
   *
   * @param at   where it is
   * @param size bytes that it may have
   * @return with its end; as it is if it isn't a short form, or nobody has the partition
   * @throws EfiError INVALID_PARAMETER if it is none
   */
  static byte[] expanded(Firmware firmware, long at, long size) {
    EfiRam memory = firmware.memory();
    byte[] path = DevicePath.read(memory, at);
    if (path.length > size) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "a load option's device path doesn't end in it");
    }
    int length = path.length < HEADER ? 0 : path[2] & 0xFF | (path[3] & 0xFF) << 8;
    if (path[0] != DevicePath.MEDIA || path[1] != PARTITION || length > path.length) {
      return path;
    }
    byte[] node = Arrays.copyOf(path, length);
    for (long handle : firmware.handles().handles(Protocol.SIMPLE_FILE_SYSTEM)) {
      long where = firmware.handles().find(handle, Protocol.DEVICE_PATH);
      byte[] whole = where == 0 ? new byte[0] : DevicePath.read(memory, where);
      int from = whole.length - HEADER - length;
      if (from >= 0 && Arrays.equals(whole, from, from + length, node, 0, length)) {
        byte[] both = Arrays.copyOf(whole, from + path.length);
        System.arraycopy(path, 0, both, from, path.length);
        return both;
      }
    }
    return path;
  }
}
