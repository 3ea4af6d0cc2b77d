// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.util.Arrays;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;

/** What of some bytes of memory can be read. */
public final class ReadableBytes {
  private ReadableBytes() {}

  /** As many bytes from an address on as there are, page by page. @param length at most */
  public static byte[] of(InspectedMemory memory, long address, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int piece = (int) Math.min(length - done, InspectedMemory.PAGE - (address + done & InspectedMemory.PAGE - 1));
      Optional<byte[]> part = memory.read(address + done, piece);
      if (part.isEmpty()) {
        break;
      }
      System.arraycopy(part.get(), 0, bytes, done, piece);
      done += piece;
    }
    return Arrays.copyOf(bytes, done);
  }
}
