// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

import java.util.Arrays;
import java.util.NoSuchElementException;

/**
 * How callers with 32-bit words have a C structure: words, frame numbers and addresses take 4 bytes there, and a field of 64 bits may begin at any
 * multiple of 4 (System V ABI for Intel386, 3). It makes the structure that this bundle describes of theirs, and theirs of that; what a narrow field has no room for is lost.
 * Of a union all fields have the same place.
 */
public final class NarrowLayout {
  private final int wideSize;
  private final int size;
  private String[] names = {};
  /** Per field: place and size of an element here, place and size of an element there, number of elements. */
  private int[][] fields = {};

  /**
   * One without fields.
   *
   * @param wideSize bytes of the structure that this bundle describes
   * @param size     bytes of the structure there
   */
  public NarrowLayout(int wideSize, int size) {
    this.wideSize = wideSize;
    this.size = size;
  }

  NarrowLayout field(String name, int wideOffset, int wideBytes, int offset, int bytes) {
    return wideBytes <= 8 ? add(name, wideOffset, wideBytes, offset, bytes, 1) : add(name, wideOffset, 1, offset, 1, bytes);
  }

  /** @param wideBytes of an element @param bytes of all elements there */
  NarrowLayout array(String name, int wideOffset, int wideBytes, int offset, int bytes) {
    int count = elements(wideOffset, wideBytes, bytes);
    return add(name, wideOffset, wideBytes, offset, bytes / count, count);
  }

  /** Arrays end structures, so that how many elements they have follows from the structure's size. */
  private int elements(int wideOffset, int wideBytes, int bytes) {
    int count = (wideSize - wideOffset) / wideBytes;
    if (count == 0 || bytes % count != 0) {
      throw new IllegalStateException("an array of " + bytes + " bytes: expected one that ends the structure");
    }
    return count;
  }

  private NarrowLayout add(String name, int... field) {
    names = Arrays.copyOf(names, names.length + 1);
    names[names.length - 1] = name;
    fields = Arrays.copyOf(fields, fields.length + 1);
    fields[fields.length - 1] = field;
    return this;
  }

  /** Bytes of the structure there. */
  public int size() {
    return size;
  }

  /** Where a field is there. @throws NoSuchElementException if there is none of that name */
  public int offset(String name) {
    return find(name)[2];
  }

  /** Bytes that a field has there, with all of its elements. @throws NoSuchElementException if there is none of that name */
  public int bytes(String name) {
    return find(name)[3] * find(name)[4];
  }

  private int[] find(String name) {
    int at = Arrays.asList(names).indexOf(name);
    if (at < 0) {
      throw new NoSuchElementException(name);
    }
    return fields[at];
  }

  /** Makes the structure at {@code to} of theirs at {@code from}: what is wider here has zeros above it. */
  public void widen(AbiMemory theirs, long from, AbiMemory ours, long to) {
    for (int i = 0; i < wideSize; i++) {
      ours.write8(to + i, (byte) 0);
    }
    for (int[] field : fields) {
      for (int i = 0; i < field[4]; i++) {
        write(ours, to + field[0] + (long) field[1] * i, field[1], read(theirs, from + field[2] + (long) field[3] * i, field[3]));
      }
    }
  }

  /**
   * Makes their fields at {@code to} of those of the structure at {@code from} that are within some bytes of it; others stay.
   *
   * @param first the first of these bytes, as an offset in the structure here
   */
  public void narrow(AbiMemory ours, long from, AbiMemory theirs, long to, int first, int bytes) {
    for (int[] field : fields) {
      if (within(field, first, bytes)) {
        for (int i = 0; i < field[4]; i++) {
          write(theirs, to + field[2] + (long) field[3] * i, field[3], read(ours, from + field[0] + (long) field[1] * i, field[1]));
        }
      }
    }
  }

  /** Where those fields begin there that are within some bytes of the structure here. */
  public int begin(int first, int bytes) {
    int begin = size;
    for (int[] field : fields) {
      begin = within(field, first, bytes) ? Math.min(begin, field[2]) : begin;
    }
    return begin;
  }

  /** Where those fields end there that are within some bytes of the structure here. */
  public int end(int first, int bytes) {
    int end = 0;
    for (int[] field : fields) {
      end = within(field, first, bytes) ? Math.max(end, field[2] + field[3] * field[4]) : end;
    }
    return end;
  }

  private static boolean within(int[] field, int first, int bytes) {
    return field[0] >= first && field[0] + field[1] * field[4] <= first + bytes;
  }

  private static long read(AbiMemory memory, long at, int bytes) {
    return switch (bytes) {
      case 1 -> memory.read8(at) & 0xFF;
      case 2 -> memory.read16(at) & 0xFFFF;
      case 4 -> memory.read32(at) & 0xFFFF_FFFFL;
      default -> memory.read64(at);
    };
  }

  private static void write(AbiMemory memory, long at, int bytes, long value) {
    switch (bytes) {
      case 1 -> memory.write8(at, (byte) value);
      case 2 -> memory.write16(at, (short) value);
      case 4 -> memory.write32(at, (int) value);
      default -> memory.write64(at, value);
    }
  }
}
