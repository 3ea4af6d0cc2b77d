// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a kernel says in its memory of its own types: where the members of its structures are. It is the guest's: nothing is believed unchecked, and the work is bounded.
 * Source: the kernel's documentation, Documentation/bpf/btf.rst.
 */
final class Btf {
  private static final byte[] MAGIC = {(byte) 0x9F, (byte) 0xEB, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0};
  private static final int HEADER = 24;
  private static final int MOST_BYTES = 64 << 20;
  private static final int LEAST_BYTES = 1 << 10;
  private static final int MOST_TYPES = 1 << 22;
  /** Members within members, and names for types of types. */
  private static final int DEEPEST = 16;

  private static final int ARRAY = 3;
  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int MEMBER = 12;
  /** Bytes behind each type's own twelve, by kind: for all, and for each of its members. Kinds that aren't there are none. */
  private static final int[] FIXED = {-1, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};
  private static final int[] EACH = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};
  /** Those that are another type, with a name or a word before it: typedef, volatile, const, restrict, type tag. */
  private static final int OTHER_NAMES = 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 18;

  private final ByteBuffer bytes;
  private final int strings;
  private final int stringsEnd;
  /** Where each type is, by its number; the first is none. */
  private final int[] types;

  private Btf(ByteBuffer bytes, int strings, int stringsEnd, int[] types) {
    this.bytes = bytes;
    this.strings = strings;
    this.stringsEnd = stringsEnd;
    this.types = types;
  }

  /** Finds the largest one in an image, which is the kernel's; its modules have smaller ones elsewhere. */
  static Optional<Btf> find(byte[] image) {
    ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int best = -1;
    int most = LEAST_BYTES;
    for (int at = 0; at + HEADER < image.length; at += 4) {
      if (image[at] == MAGIC[0] && Arrays.equals(image, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
        long length = typesLength(bytes, at) + (bytes.getInt(at + 20) & 0xFFFF_FFFFL);
        if (length > most && length < MOST_BYTES && at + HEADER + length <= image.length) {
          best = at;
          most = (int) length;
        }
      }
    }
    return best < 0 ? Optional.empty() : read(bytes, best);
  }

  private static long typesLength(ByteBuffer bytes, int at) {
    return bytes.getInt(at + 12) & 0xFFFF_FFFFL;
  }

  private static Optional<Btf> read(ByteBuffer bytes, int start) {
    int first = start + HEADER;
    long end = first + typesLength(bytes, start);
    long strings = first + (bytes.getInt(start + 16) & 0xFFFF_FFFFL);
    long stringsEnd = strings + (bytes.getInt(start + 20) & 0xFFFF_FFFFL);
    if (strings < end || stringsEnd > bytes.limit()) {
      return Optional.empty();
    }
    int[] types = new int[1 << 16];
    int count = 1;
    for (long at = first; at + MEMBER <= end && count < MOST_TYPES; count++) {
      if (count == types.length) {
        types = Arrays.copyOf(types, 2 * count);
      }
      types[count] = (int) at;
      int kind = kind(bytes, (int) at);
      if (kind >= FIXED.length || FIXED[kind] < 0) {
        return Optional.empty();
      }
      at += MEMBER + FIXED[kind] + (long) EACH[kind] * members(bytes, (int) at);
    }
    return Optional.of(new Btf(bytes, (int) strings, (int) stringsEnd, Arrays.copyOf(types, count)));
  }

  private static int kind(ByteBuffer bytes, int type) {
    return bytes.getInt(type + 4) >>> 24 & 0x1F;
  }

  private static int members(ByteBuffer bytes, int type) {
    return bytes.getInt(type + 4) & 0xFFFF;
  }

  /**
   * Where a member is, in bytes from the structure's start.
   *
   * @param structure its name
   * @param path      names of members within one another with points between, each perhaps within unions and structures without a name; of an array its first element is meant
   * @return empty if there is no such structure, or it hasn't that member, or that isn't at a byte
   */
  OptionalInt offset(String structure, String path) {
    byte[] name = structure.getBytes(StandardCharsets.US_ASCII);
    for (int type = 1; type < types.length; type++) {
      if (kind(bytes, types[type]) == STRUCT && members(bytes, types[type]) > 0 && named(bytes.getInt(types[type]), name)) {
        return offset(type, path.split("\\."));
      }
    }
    return OptionalInt.empty();
  }

  private OptionalInt offset(int structure, String[] path) {
    int type = structure;
    int offset = 0;
    for (String each : path) {
      long found = member(type, each.getBytes(StandardCharsets.US_ASCII), 0);
      if (found < 0) {
        return OptionalInt.empty();
      }
      offset += (int) (found >>> 32);
      type = (int) found;
    }
    return OptionalInt.of(offset);
  }

  /** Offset and type of a member; -1 if there is none. */
  private long member(int structure, byte[] name, int depth) {
    int type = plain(structure);
    if (type <= 0 || depth > DEEPEST) {
      return -1;
    }
    int kind = kind(bytes, types[type]);
    if (kind != STRUCT && kind != UNION) {
      return -1;
    }
    boolean fields = bytes.getInt(types[type] + 4) < 0;
    for (int i = 0; i < members(bytes, types[type]); i++) {
      int at = types[type] + MEMBER + i * MEMBER;
      if (at + MEMBER > bytes.limit()) {
        return -1;
      }
      int bits = fields ? bytes.getInt(at + 8) & 0xFF_FFFF : bytes.getInt(at + 8);
      int of = bytes.getInt(at + 4);
      if (named(bytes.getInt(at), name)) {
        return bits % 8 != 0 || bits < 0 ? -1 : (long) (bits / 8) << 32 | of & 0xFFFF_FFFFL;
      }
      if (bytes.getInt(at) == 0 && bits >= 0) {
        long within = member(of, name, depth + 1);
        if (within >= 0) {
          return within + ((long) (bits / 8) << 32);
        }
      }
    }
    return -1;
  }

  /** The type that one is in the end, an array's elements; 0 if there is none. */
  private int plain(int type) {
    int at = type;
    for (int i = 0; i < DEEPEST; i++) {
      if (at <= 0 || at >= types.length) {
        return 0;
      }
      int kind = kind(bytes, types[at]);
      if (kind == ARRAY) {
        at = bytes.getInt(types[at] + MEMBER);
      } else if ((OTHER_NAMES >>> kind & 1) != 0) {
        at = bytes.getInt(types[at] + 8);
      } else {
        return at;
      }
    }
    return 0;
  }

  private boolean named(int offset, byte[] name) {
    long at = strings + (offset & 0xFFFF_FFFFL);
    if (at + name.length >= stringsEnd || bytes.get((int) at + name.length) != 0) {
      return false;
    }
    return Arrays.equals(bytes.array(), (int) at, (int) at + name.length, name, 0, name.length);
  }
}
