// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;

/** Numbers and texts in a guest's memory, little-endian. What isn't there is zero, or empty: who follows a pointer to it comes to an end. */
final class GuestWords {
  private static final int PAGE = InspectedMemory.PAGE;

  private GuestWords() {}

  static long word(InspectedMemory memory, long address) {
    return memory.read(address, Long.BYTES).map(bytes -> buffer(bytes).getLong()).orElse(0L);
  }

  static int half(InspectedMemory memory, long address) {
    return memory.read(address, Integer.BYTES).map(bytes -> buffer(bytes).getInt()).orElse(0);
  }

  static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** As many bytes as there are from an address on, to the end of the last page that is mapped. */
  static byte[] upTo(InspectedMemory memory, long address, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int piece = (int) Math.min(length - done, PAGE - (address + done & PAGE - 1));
      Optional<byte[]> part = memory.read(address + done, piece);
      if (part.isEmpty()) {
        break;
      }
      System.arraycopy(part.get(), 0, bytes, done, piece);
      done += piece;
    }
    return done == length ? bytes : Arrays.copyOf(bytes, done);
  }

  /** Printable characters up to a zero byte; empty if there is another one before, or none within so many. */
  static String text(byte[] bytes, int at, int most) {
    for (int end = at; end < bytes.length && end - at <= most; end++) {
      if (bytes[end] == 0) {
        return new String(bytes, at, end - at, StandardCharsets.US_ASCII);
      }
      if (bytes[end] <= ' ' || bytes[end] == 0x7F) {
        return "";
      }
    }
    return "";
  }
}
