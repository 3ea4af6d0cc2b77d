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

  /** Where these bytes are in it; empty if nowhere, or at several places. @param step between the places that are looked at */
  OptionalInt only(byte[] wanted, int first, int step) {
    int found = -1;
    for (int at = first; at + wanted.length <= bytes.length; at += step) {
      if (holds(wanted, at)) {
        if (found >= 0) {
          return OptionalInt.empty();
        }
        found = at;
      }
    }
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  /** What a byte of it is, for people. */
  String text(int at) {
    return kind == Kind.SECTOR ? "byte %d of sector %d of the disk at %s".formatted(at % SECTOR, sector + at / SECTOR, place)
        : "byte %d of a frame of %d bytes that is delivered to %s".formatted(at, bytes.length, place);
  }
}
