// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.xenolith.machine.kit.PercentEncoding;
import org.xenolith.regs.StateRecord;

/**
 * State records as text, a line for each value: name, kind, value. Numbers are hexadecimal, arrays Base64 of their
 * little-endian bytes.
 */
public final class RecordText {
  private RecordText() {}

  /** Appends the lines of a record. */
  public static void write(StateRecord record, Appendable out) throws IOException {
    for (var field : record.values().entrySet()) {
      out.append(encode(field.getKey())).append(' ').append(switch (field.getValue()) {
        case Long v -> "long 0x" + Long.toHexString(v);
        case long[] v -> {
          ByteBuffer bytes = buffer(8 * v.length);
          bytes.asLongBuffer().put(v);
          yield "longs " + base64(bytes);
        }
        case int[] v -> {
          ByteBuffer bytes = buffer(4 * v.length);
          bytes.asIntBuffer().put(v);
          yield "ints " + base64(bytes);
        }
        case byte[] v -> "bytes " + base64(ByteBuffer.wrap(v));
        default -> "text " + encode(field.getValue().toString());
      }).append('\n');
    }
  }

  /**
   * Adds the value of one line to a record.
   *
   * @throws IOException if the line is damaged
   */
  public static void read(String line, StateRecord into) throws IOException {
    String[] fields = line.split(" ", -1);
    if (fields.length != 3) {
      throw new IOException("expected name, kind and value, got \"" + shown(line) + '"');
    }
    try {
      into.put(decode(fields[0]), value(fields[1], fields[2]));
    } catch (IllegalArgumentException e) {
      throw new IOException(shown(line) + ": " + e.getMessage());
    }
  }

  private static Object value(String kind, String text) {
    return switch (kind) {
      case "long" -> {
        if (!text.matches("0x[0-9a-f]{1,16}")) {
          throw new IllegalArgumentException("expected 0x and 1 to 16 hexadecimal digits, got " + shown(text));
        }
        yield Long.parseUnsignedLong(text, 2, text.length(), 16);
      }
      case "longs" -> {
        ByteBuffer bytes = bytes(text, 8);
        long[] values = new long[bytes.remaining() / 8];
        bytes.asLongBuffer().get(values);
        yield values;
      }
      case "ints" -> {
        ByteBuffer bytes = bytes(text, 4);
        int[] values = new int[bytes.remaining() / 4];
        bytes.asIntBuffer().get(values);
        yield values;
      }
      case "bytes" -> bytes(text, 1).array();
      case "text" -> decode(text);
      default -> throw new IllegalArgumentException("unknown kind " + kind);
    };
  }

  private static ByteBuffer bytes(String text, int unit) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (bytes.length % unit != 0) {
      throw new IllegalArgumentException(bytes.length + " bytes are no multiple of " + unit);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String base64(ByteBuffer bytes) {
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** A line as a message shows it. */
  public static String shown(String line) {
    return line.length() > 60 ? line.substring(0, 60) + "…" : line;
  }

  /** A text as one word. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/").replace("%40", "@").replace("%2C", ",")
        .replace("%3A", ":").replace("%23", "#");
  }

  /** What {@link #encode} was given. @throws IllegalArgumentException if it was nothing */
  public static String decode(String text) {
    return PercentEncoding.decode(text);
  }
}
