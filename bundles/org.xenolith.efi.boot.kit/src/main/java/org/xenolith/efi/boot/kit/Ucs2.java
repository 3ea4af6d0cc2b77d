// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Texts of 16-bit characters as guests have them (UEFI 2.10, 2.3.1: UCS-2). Unlike UTF-16 any sequence of characters is one, and none is changed. */
public final class Ucs2 {
  private Ucs2() {}

  /** The bytes, with a NUL behind them. */
  public static byte[] bytes(String text) {
    ByteBuffer out = ByteBuffer.allocate(2 * text.length() + 2).order(ByteOrder.LITTLE_ENDIAN);
    text.chars().forEach(each -> out.putShort((short) each));
    return out.array();
  }

  /** The text of bytes, up to a NUL or their end. */
  public static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at + 1 < bytes.length; at += 2) {
      char each = (char) (bytes[at] & 0xFF | bytes[at + 1] << 8);
      if (each == 0) {
        break;
      }
      text.append(each);
    }
    return text.toString();
  }
}
