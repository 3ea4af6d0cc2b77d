// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What a file says of its own length, if a firmware volume is at its start, or behind the page with code that edk2's Arm platforms have
 * there. Source: UEFI Platform Initialization 1.7, volume 3, 3.2.1.
 */
final class FirmwareVolume {
  private static final int[] STARTS = {0, 0x1000};
  private static final int LENGTH = 32;
  private static final int SIGNATURE = 40;
  private static final int HEADER = 56;
  /** "_FVH". */
  private static final int VOLUME = 0x4856_465F;

  private FirmwareVolume() {}

  /** Bytes that a file must have for its first volume to be whole; empty if there is no volume. */
  static OptionalLong end(Path file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      for (int start : STARTS) {
        header.clear();
        if (Files.size(file) >= start + HEADER && channel.read(header, start) == HEADER && header.getInt(SIGNATURE) == VOLUME) {
          return OptionalLong.of(start + header.getLong(LENGTH));
        }
      }
    }
    return OptionalLong.empty();
  }
}
