// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import java.util.Map;

/** TerminalKeys that bytes of a terminal stand for (UEFI 2.10, 12.1.2 and appendix B; ECMA-48). */
final class TerminalKeys {
  /** Nothing that could be a key yet. */
  static final Key NONE = new Key(0, 0, 0);
  private static final int ESCAPE = 0x1B;
  private static final int SCAN_ESCAPE = 0x17;
  private static final int BACKSPACE = 8;
  private static final int DELETE = 0x7F;
  private static final Map<String, Integer> SCAN_CODES = Map.ofEntries(Map.entry("[A", 1), Map.entry("[B", 2), Map.entry("[C", 3), Map
      .entry(
          "[D", 4), Map.entry("[H", 5), Map.entry("[F", 6), Map.entry("[1~", 5), Map.entry("[2~", 7), Map.entry("[3~", 8), Map.entry("[4~",
              6),
      Map.entry("[5~", 9), Map.entry("[6~", 10), Map.entry("OA", 1), Map.entry("OB", 2), Map.entry("OC", 3), Map.entry("OD", 4), Map.entry(
          "OH", 5), Map.entry("OF", 6), Map.entry("OP", 11), Map.entry("OQ", 12), Map.entry("OR", 13), Map.entry("OS", 14), Map.entry(
              "[11~",
              11), Map.entry("[12~", 12), Map.entry("[13~", 13), Map.entry("[14~", 14), Map.entry("[15~", 15), Map.entry("[17~", 16), Map
                  .entry("[18~", 17), Map.entry("[19~", 18), Map.entry("[20~", 19), Map.entry("[21~", 20), Map.entry("[23~", 21), Map.entry(
                      "[24~", 22));

  private TerminalKeys() {}

  /**
   * A key.
   *
   * @param scan      scan code; 0: it is a character
   * @param character UCS-2; 0 for a scan code
   * @param bytes     that stand for it; 0: none is there yet
   */
  record Key(int scan, int character, int bytes) {}

  /**
   * The first key.
   *
   * @param bytes what has come
   * @param last  whether nothing more is to be waited for
   */
  static Key first(byte[] bytes, boolean last) {
    if (bytes.length == 0) {
      return NONE;
    }
    int first = bytes[0] & 0xFF;
    if (first == ESCAPE) {
      return escape(bytes, last);
    }
    if (first == DELETE) {
      return new Key(0, BACKSPACE, 1);
    }
    if (first < 0x80) {
      return new Key(0, first, 1);
    }
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (length > bytes.length && !last) {
      return NONE;
    }
    if (length == 2 && bytes.length >= 2) {
      return new Key(0, (first & 0x1F) << 6 | bytes[1] & 0x3F, 2);
    }
    if (length == 3 && bytes.length >= 3) {
      return new Key(0, (first & 0xF) << 12 | (bytes[1] & 0x3F) << 6 | bytes[2] & 0x3F, 3);
    }
    return new Key(0, '?', Math.min(length, bytes.length));
  }

  private static Key escape(byte[] bytes, boolean last) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < bytes.length; i++) {
      text.append((char) bytes[i]);
      Integer scan = SCAN_CODES.get(text.toString());
      if (scan != null) {
        return new Key(scan, 0, i + 1);
      }
    }
    String begun = text.toString();
    boolean open = SCAN_CODES.keySet().stream().anyMatch(each -> each.startsWith(begun));
    return open && !last ? NONE : new Key(SCAN_ESCAPE, 0, 1);
  }
}
