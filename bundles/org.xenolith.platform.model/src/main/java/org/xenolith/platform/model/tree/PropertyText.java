// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.model.tree;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;

/**
 * Properties as one line of text, exact in both directions:
 *
 * <pre>
 * dma-coherent                                  no value
 * compatible = 'arm,pl011' 'arm,primecell'      strings, each ended by a NUL
 * reg = 0x0 0x9000000 0x0 0x1000                32-bit cells
 * local-mac-address = [52 54 00 12 34 56]       bytes
 * </pre>
 *
 * A value may go over several lines. Which form a value takes follows from its bytes: strings if they look like text, else cells if the length allows, else
 * bytes. All forms are read, whatever the bytes.
 */
public final class PropertyText {
  private static final String SEPARATOR = " = ";
  private static final String HEX = "0123456789abcdef";
  private static final String REMEDY = "write NAME, NAME = 'text' 'text', NAME = 0x1 0x2, or NAME = [01 02]";

  private PropertyText() {}

  /** The line for a property. */
  public static String format(FdtProperty property) {
    if (property == null) {
      return null;
    }
    if (property.isFlag()) {
      return property.name();
    }
    byte[] value = property.value();
    StringBuilder text = new StringBuilder(property.name().length() + 3 + value.length * 3);
    text.append(property.name()).append(SEPARATOR);
    if (property.looksLikeStrings() && !contains(value, '\'')) {
      strings(text, value);
    } else if (value.length % 4 == 0) {
      cells(text, value);
    } else {
      bytes(text, value);
    }
    return text.toString();
  }

  /**
   * The property that a line stands for.
   *
   * @throws FdtException if the line has none of the forms
   */
  public static FdtProperty parse(String line) {
    String text = line.strip();
    int separator = text.indexOf(SEPARATOR);
    if (separator < 0) {
      return FdtProperty.ofFlag(text);
    }
    String name = text.substring(0, separator);
    String value = text.substring(separator + SEPARATOR.length()).strip();
    return new FdtProperty(name, switch (value.isEmpty() ? ' ' : value.charAt(0)) {
      case '\'' -> parseStrings(text, value);
      case '[' -> parseBytes(text, value);
      default -> parseCells(text, value);
    });
  }

  private static boolean contains(byte[] value, char c) {
    for (byte b : value) {
      if (b == c) {
        return true;
      }
    }
    return false;
  }

  private static void strings(StringBuilder text, byte[] value) {
    text.append('\'');
    for (int i = 0; i < value.length; i++) {
      if (value[i] != 0) {
        text.append((char) value[i]);
      } else {
        text.append(i < value.length - 1 ? "' '" : "'");
      }
    }
  }

  private static void cells(StringBuilder text, byte[] value) {
    for (int i = 0; i < value.length; i += 4) {
      int cell = (value[i] & 0xff) << 24 | (value[i + 1] & 0xff) << 16 | (value[i + 2] & 0xff) << 8
          | value[i + 3] & 0xff;
      text.append(i == 0 ? "0x" : " 0x");
      int shift = Math.max(0, 28 - (Integer.numberOfLeadingZeros(cell) & ~3));
      for (; shift >= 0; shift -= 4) {
        text.append(HEX.charAt(cell >>> shift & 15));
      }
    }
  }

  private static void bytes(StringBuilder text, byte[] value) {
    char before = '[';
    for (byte b : value) {
      text.append(before).append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      before = ' ';
    }
    text.append(']');
  }

  private static byte[] parseStrings(String line, String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
    int at = 0;
    while (at < value.length()) {
      int end = value.charAt(at) == '\'' ? value.indexOf('\'', at + 1) : -1;
      if (end < 0) {
        throw bad(line, "a string isn't between single quotes");
      }
      bytes.writeBytes(value.substring(at + 1, end).getBytes(StandardCharsets.UTF_8));
      bytes.write(0);
      at = end + 1;
      while (at < value.length() && Character.isWhitespace(value.charAt(at))) {
        at++;
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] parseCells(String line, String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
    int at = 0;
    while (at < value.length()) {
      int end = at;
      while (end < value.length() && !Character.isWhitespace(value.charAt(end))) {
        end++;
      }
      if (end > at) {
        int cell = cell(line, value, at, end);
        for (int shift = 24; shift >= 0; shift -= 8) {
          bytes.write(cell >>> shift);
        }
      }
      at = end + 1;
    }
    return bytes.toByteArray();
  }

  private static int cell(String line, String value, int from, int to) {
    int digits = to - from - 2;
    if (digits < 1 || digits > 8 || value.charAt(from) != '0' || value.charAt(from + 1) != 'x') {
      throw bad(line, "'" + value.substring(from, to) + "' is no cell");
    }
    int cell = 0;
    for (int i = from + 2; i < to; i++) {
      cell = cell << 4 | digit(line, value.charAt(i));
    }
    return cell;
  }

  private static byte[] parseBytes(String line, String value) {
    if (!value.endsWith("]")) {
      throw bad(line, "the bytes have no closing bracket");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length() / 3);
    int at = 1;
    int end = value.length() - 1;
    while (at < end) {
      if (Character.isWhitespace(value.charAt(at))) {
        at++;
      } else if (at + 1 < end) {
        bytes.write(digit(line, value.charAt(at)) << 4 | digit(line, value.charAt(at + 1)));
        at += 2;
      } else {
        throw bad(line, "a byte has one digit");
      }
    }
    return bytes.toByteArray();
  }

  private static int digit(String line, char c) {
    int digit = c < 128 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw bad(line, "'" + c + "' is no hexadecimal digit");
    }
    return digit;
  }

  private static FdtException bad(String line, String what) {
    String shown = line.length() > 60 ? line.substring(0, 60) + "…" : line;
    return new FdtException(FdtException.NO_OFFSET, "property line '" + shown + "': " + what, REMEDY);
  }
}
