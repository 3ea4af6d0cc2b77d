// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Unsigned numbers in bytes, least significant first. */
final class LittleEndian {
  private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static long get(byte[] bytes, int at, int size) {
    return switch (size) {
      case 1 -> bytes[at] & 0xffL;
      case 2 -> (short) SHORT.get(bytes, at) & 0xffffL;
      case 4 -> (int) INT.get(bytes, at) & 0xffff_ffffL;
      default -> (long) LONG.get(bytes, at);
    };
  }

  static void put(byte[] bytes, int at, int size, long value) {
    switch (size) {
      case 1 -> bytes[at] = (byte) value;
      case 2 -> SHORT.set(bytes, at, (short) value);
      case 4 -> INT.set(bytes, at, (int) value);
      default -> LONG.set(bytes, at, value);
    }
  }

  /** Whether an unsigned number fits in so many bytes. */
  static boolean fits(long value, int size) {
    return size == 8 || value >>> 8 * size == 0;
  }
}
