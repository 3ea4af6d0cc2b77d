// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named records as bytes: counts and numbers big-endian, each value after its name and one letter for its kind (L, l, i, b,
 * S as in {@link StateRecord}).
 */
final class RecordBytes {
  private static final int MOST = 1 << 26;

  private RecordBytes() {}

  static byte[] encode(Map<String, StateRecord> records) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(records.size());
      for (var record : records.entrySet()) {
        out.writeUTF(record.getKey());
        out.writeInt(record.getValue().values().size());
        for (var value : record.getValue().values().entrySet()) {
          out.writeUTF(value.getKey());
          value(out, value.getValue());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void value(DataOutputStream out, Object value) throws IOException {
    switch (value) {
      case Long v -> {
        out.writeByte('L');
        out.writeLong(v);
      }
      case long[] v -> {
        out.writeByte('l');
        out.writeInt(v.length);
        for (long one : v) {
          out.writeLong(one);
        }
      }
      case int[] v -> {
        out.writeByte('i');
        out.writeInt(v.length);
        for (int one : v) {
          out.writeInt(one);
        }
      }
      case byte[] v -> {
        out.writeByte('b');
        out.writeInt(v.length);
        out.write(v);
      }
      default -> {
        out.writeByte('S');
        out.writeUTF(value.toString());
      }
    }
  }

  /** @throws StateMismatch if that isn't what {@link #encode} writes */
  static Map<String, StateRecord> decode(byte[] bytes) {
    Map<String, StateRecord> records = new LinkedHashMap<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        StateRecord record = new StateRecord();
        for (int values = in.readInt(); values > 0; values--) {
          record.put(in.readUTF(), value(in));
        }
        if (records.put(name, record) != null) {
          throw new StateMismatch("record " + name + " comes twice");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new StateMismatch("damaged records: they end too early, or hold a value of no kind that is known");
    }
    return records;
  }

  private static Object value(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case 'L' -> in.readLong();
      case 'l' -> {
        long[] v = new long[length(in, 8)];
        for (int i = 0; i < v.length; i++) {
          v[i] = in.readLong();
        }
        yield v;
      }
      case 'i' -> {
        int[] v = new int[length(in, 4)];
        for (int i = 0; i < v.length; i++) {
          v[i] = in.readInt();
        }
        yield v;
      }
      case 'b' -> {
        byte[] v = new byte[length(in, 1)];
        in.readFully(v);
        yield v;
      }
      case 'S' -> in.readUTF();
      default -> throw new IOException("kind " + kind);
    };
  }

  private static int length(DataInputStream in, int size) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST || (long) length * size > in.available()) {
      throw new IOException("length " + length);
    }
    return length;
  }
}
