// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What a packet is answered with, as bytes before they are escaped; and how numbers and bytes stand in packets. */
final class Reply {
  /** A packet that isn't known: the debugger does without. */
  static final Reply UNKNOWN = new Reply("");
  static final Reply OK = new Reply("OK");
  private static final HexFormat HEX = HexFormat.of();
  private static final int ESCAPE = '}';
  private static final int ESCAPED = 0x20;

  /** Why something can't be, as numbers that debuggers show. Of the values the manual says nothing; these are Linux' errno. */
  enum Fault {
    /** There is no such thread or register. */
    NO_SUCH(3),
    /** Memory isn't mapped, or isn't RAM. */
    MEMORY(14),
    /** The packet makes no sense. */
    INVALID(22),
    /** The processor refuses the value, or the machine replays a journal. */
    REFUSED(1),
    /** The session is in no state for that. */
    UNABLE(95);

    private final int number;

    Fault(int number) {
      this.number = number;
    }
  }

  private final byte[] data;

  Reply(byte[] data) {
    this.data = data;
  }

  Reply(String text) {
    this(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Reply error(Fault fault) {
    return new Reply("E%02x".formatted(fault.number));
  }

  /** Bytes in two digits each. */
  static Reply hex(byte[] bytes) {
    return new Reply(HEX.formatHex(bytes));
  }

  /** Text in two digits a byte. */
  static Reply hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A part of a document: the rest of it is asked for next. */
  static Reply part(byte[] document, int offset, int length) {
    int from = Math.min(offset, document.length);
    int to = (int) Math.min((long) from + length, document.length);
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    part.write(to < document.length ? 'm' : 'l');
    part.write(document, from, to - from);
    return new Reply(part.toByteArray());
  }

  /** Bytes from digits. @throws IllegalArgumentException if they aren't */
  static byte[] bytes(String digits) {
    return HEX.parseHex(digits);
  }

  /** A number of at most 64 bits. @throws IllegalArgumentException if it is none */
  static long number(String digits) {
    if (digits.isEmpty() || digits.charAt(0) == '+' || digits.charAt(0) == '-') {
      throw new IllegalArgumentException("'" + digits + "' is no hexadecimal number");
    }
    return Long.parseUnsignedLong(digits, 16);
  }

  /** A number of at most 31 bits, the same way. */
  static int small(String digits) {
    long value = number(digits);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("0x" + digits + " is too large");
    }
    return (int) value;
  }

  String text() {
    return new String(data, StandardCharsets.ISO_8859_1);
  }

  /** As it is sent: between $ and #, with escapes and checksum. */
  byte[] packet() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 8);
    out.write('$');
    int sum = 0;
    for (byte each : data) {
      int b = each & 0xFF;
      if (b == '#' || b == '$' || b == ESCAPE || b == '*') {
        out.write(ESCAPE);
        sum += ESCAPE;
        b ^= ESCAPED;
      }
      out.write(b);
      sum += b;
    }
    out.write('#');
    out.writeBytes("%02x".formatted(sum & 0xFF).getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }
}
