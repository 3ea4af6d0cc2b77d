// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.io.ByteArrayOutputStream;

/** Characters between quotes, with C's escapes (Devicetree Specification 0.4, 6.4). */
final class DtsText {
  private static final String ESCAPED = "abtnvfr";
  private static final byte[] MEANT = {7, 8, 9, 10, 11, 12, 13};

  private DtsText() {}

  /** The bytes that are meant; the text has a byte in each character. */
  static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        bytes.write(c);
        continue;
      }
      c = text.charAt(++i);
      int named = ESCAPED.indexOf(c);
      if (named >= 0) {
        bytes.write(MEANT[named]);
      } else if (c == 'x' || c >= '0' && c <= '7') {
        int radix = c == 'x' ? 16 : 8;
        int from = c == 'x' ? i + 1 : i;
        int end = from;
        int most = c == 'x' ? from + 2 : from + 3;
        while (end < text.length() && end < most && Character.digit(text.charAt(end), radix) >= 0) {
          end++;
        }
        bytes.write(end == from ? c : Integer.parseInt(text.substring(from, end), radix));
        i = end == from ? i : end - 1;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
