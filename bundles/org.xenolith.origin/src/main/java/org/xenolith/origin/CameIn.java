// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.Arrays;
import java.util.OptionalInt;
import org.xenolith.origin.api.OriginStep.Kind;

/**
 * Bytes that have come into a machine from outside of its memory.
 *
 * @param kind   a sector or a frame
 * @param place  the disk's node, or the station
 * @param sector the first; 0 of a frame
 * @param bytes  all of them
 */
record CameIn(Kind kind, String place, long sector, byte[] bytes) {
  static final int SECTOR = 512;

  /** Whether these bytes are in it at an offset. */
  boolean holds(byte[] wanted, int at) {
    return at >= 0 && at + wanted.length <= bytes.length && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /**
   * Where bytes of memory are in it: where most of what is around them is, too.
   *
   * @param memory with what is around them
   * @param from   where they begin in that
   * @param count  how many
   * @return empty if nowhere, or at several places alike
   */
  OptionalInt place(byte[] memory, int from, int count) {
    byte[] wanted = Arrays.copyOfRange(memory, from, from + count);
    int found = -1;
    int most = -1;
    for (int at = 0; at + count <= bytes.length; at++) {
      if (holds(wanted, at)) {
        int alike = alike(memory, from + count, at + count, 1) + alike(memory, from - 1, at - 1, -1);
        if (alike >= most) {
          found = alike == most ? -1 : at;
          most = alike;
        }
      }
    }
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  /** How many bytes from two places on are equal. */
  private int alike(byte[] memory, int from, int at, int step) {
    int count = 0;
    for (int i = from, k = at; i >= 0 && k >= 0 && i < memory.length && k < bytes.length && memory[i] == bytes[k]; i += step, k += step) {
      count++;
    }
    return count;
  }

  /** What a byte of it is, for people. */
  String text(int at) {
    return kind == Kind.SECTOR ? "byte %d of sector %d of the disk at %s".formatted(at % SECTOR, sector + at / SECTOR, place)
        : "byte %d of a frame of %d bytes that is delivered to %s".formatted(at, bytes.length, place);
  }
}
