// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a variable is found by.
 *
 * @param text   its name, without the NUL behind it; each {@code char} is 16 bits in memory, whatever it is. May be empty, as callers' are
 * @param vendor who has defined what it means
 */
public record VariableName(String text, EfiGuid vendor) {
  /** Refuses nulls. */
  public VariableName {
    Objects.requireNonNull(text);
    Objects.requireNonNull(vendor);
  }

  /** A variable that the specification names. */
  public static VariableName global(String text) {
    return new VariableName(text, EfiGuid.GLOBAL_VARIABLE);
  }

  /** A text as memory has it: little-endian, up to the first NUL. Null if there is no NUL in these bytes. */
  public static @Nullable String textOf(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at + 1 < bytes.length; at += 2) {
      char next = (char) (bytes[at] & 0xFF | bytes[at + 1] << 8);
      if (next == 0) {
        return text.toString();
      }
      text.append(next);
    }
    return null;
  }

  /** Bytes of the text in memory with its NUL. */
  public int bytes() {
    return 2 * (text.length() + 1);
  }

  /** The text as memory has it, with its NUL. */
  public byte[] toBytes() {
    byte[] all = new byte[bytes()];
    for (int i = 0; i < text.length(); i++) {
      all[2 * i] = (byte) text.charAt(i);
      all[2 * i + 1] = (byte) (text.charAt(i) >> 8);
    }
    return all;
  }

  // As in EfiGuid.

  @Override
  public final boolean equals(Object other) {
    return other instanceof VariableName name && text.equals(name.text) && vendor.equals(name.vendor);
  }

  @Override
  public final int hashCode() {
    return 31 * text.hashCode() + vendor.hashCode();
  }

  /** {@code text-vendor}, as Linux names files of variables. */
  @Override
  public String toString() {
    return text + "-" + vendor;
  }
}
