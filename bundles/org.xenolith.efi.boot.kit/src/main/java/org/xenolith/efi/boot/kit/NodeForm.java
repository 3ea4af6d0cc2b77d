// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;

/** How device path nodes of one kind are written as text, and read again (UEFI 2.10, 10.6.1). */
interface NodeForm {
  /** The text of a node; null if it isn't of this kind, or hasn't the length of one. @param data without the header */
  @Nullable
  String text(int type, int subtype, byte[] data);

  /**
   * The node of a text; null if its name isn't one of this kind.
   *
   * @param name      what is before the parenthesis
   * @param arguments what is in it, between commas; those that are left out at the end are empty
   * @throws IllegalArgumentException if they are no arguments of such a node
   */
  @Nullable
  DevicePath node(String name, List<String> arguments);

  /** An argument; empty if it isn't there. */
  static String argument(List<String> arguments, int index) {
    return index < arguments.size() ? arguments.get(index) : "";
  }

  /** A number in decimal or, behind 0x, hexadecimal digits; 0 if there is none. */
  static long number(String text) {
    return text.isEmpty() ? 0 : text.regionMatches(true, 0, "0x", 0, 2) ? Long.parseUnsignedLong(text.substring(2), 16)
        : Long.parseUnsignedLong(text);
  }

  /** A number as {@link #number(String)}. @throws IllegalArgumentException if it is none of so many bytes, 1 to 8 */
  static long number(String text, int bytes) {
    long value = number(text);
    if (bytes < Long.BYTES && value >>> 8 * bytes != 0) {
      throw new IllegalArgumentException(text + " has more than " + bytes + " bytes");
    }
    return value;
  }

  /** Bytes that there must not be more of. */
  static byte[] atMost(byte[] bytes, int most) {
    if (bytes.length > most) {
      throw new IllegalArgumentException(bytes.length + " bytes; at most " + most + " are possible");
    }
    return Arrays.copyOf(bytes, most);
  }

  /** A GUID as text, in upper case. */
  static String text(EfiGuid guid) {
    return guid.toString().toUpperCase(Locale.ROOT);
  }

  /** Room for a node's data. */
  static ByteBuffer room(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A node's data, to be read. */
  static ByteBuffer in(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }
}
