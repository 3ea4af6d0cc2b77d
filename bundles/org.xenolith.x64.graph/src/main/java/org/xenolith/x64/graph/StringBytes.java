// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.machine.kit.HostMemory;

/** What string instructions do to the host's memory, many elements at once. Places are those of {@link HostMemory}. */
final class StringBytes {
  private StringBytes() {}

  /** MOVS, upwards. @param size bytes of an element */
  static void copy(byte[] from, long source, byte[] to, long target, int size, long count) {
    long bytes = count * size;
    // What was just written is read again if it lies less than a word behind.
    boolean words = from != to || target <= source || target - source >= 8;
    long at = 0;
    if (words) {
      for (; at + 8 <= bytes; at += 8) {
        HostMemory.write64(to, target + at, HostMemory.read64(from, source + at));
      }
    }
    for (; at < bytes; at += size) {
      element(from, source + at, to, target + at, size);
    }
  }

  private static void element(byte[] from, long source, byte[] to, long target, int size) {
    switch (size) {
      case 1 -> HostMemory.write8(to, target, HostMemory.read8(from, source));
      case 2 -> HostMemory.write16(to, target, HostMemory.read16(from, source));
      case 4 -> HostMemory.write32(to, target, HostMemory.read32(from, source));
      default -> HostMemory.write64(to, target, HostMemory.read64(from, source));
    }
  }

  /** STOS, upwards. @param size bytes of an element */
  static void fill(byte[] to, long target, long value, int size, long count) {
    long word = switch (size) {
      case 1 -> (value & 0xFF) * 0x0101_0101_0101_0101L;
      case 2 -> (value & 0xFFFF) * 0x0001_0001_0001_0001L;
      case 4 -> (value & 0xFFFF_FFFFL) * 0x0000_0001_0000_0001L;
      default -> value;
    };
    long bytes = count * size;
    long at = 0;
    for (; at + 8 <= bytes; at += 8) {
      HostMemory.write64(to, target + at, word);
    }
    for (; at < bytes; at++) {
      HostMemory.write8(to, target + at, word >>> 8 * (at & 7));
    }
  }
}
