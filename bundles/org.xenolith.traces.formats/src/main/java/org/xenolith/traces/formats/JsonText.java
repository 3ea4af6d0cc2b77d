// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

/** Texts of JSON (RFC 8259), put behind one another. */
final class JsonText {
  private static final String HEX = "0123456789abcdef";

  private JsonText() {}

  /** A string with its quotation marks. */
  static void string(StringBuilder to, String text) {
    to.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F || Character.isSurrogate(c)) {
        to.append("\\u").append(HEX.charAt(c >> 12)).append(HEX.charAt(c >> 8 & 15)).append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(
            c & 15));
      } else {
        to.append(c);
      }
    }
    to.append('"');
  }

  /** A string of hexadecimal digits. */
  static void hex(StringBuilder to, byte[] bytes) {
    to.append('"');
    for (byte b : bytes) {
      to.append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
    }
    to.append('"');
  }
}
