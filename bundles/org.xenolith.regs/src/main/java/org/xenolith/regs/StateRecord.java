// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A neutral record of state: names to values, none of which is a class of the bundle that wrote it. Values are
 * {@link Long}, {@code long[]}, {@code int[]}, {@code byte[]} or {@link String}; arrays are owned by the record.
 */
public final class StateRecord {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Stores a value; the name must be new. */
  public void put(String name, Object value) {
    Objects.requireNonNull(value, name);
    if (!(value instanceof Long || value instanceof long[] || value instanceof int[] || value instanceof byte[]
        || value instanceof String)) {
      throw new IllegalArgumentException(name + ": a state record takes no " + value.getClass().getName());
    }
    if (values.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException(name + ": stored twice");
    }
  }

  /** The value of that name, or null. */
  public Object get(String name) {
    return values.get(name);
  }

  /**
   * The value of that name, which whoever stored it stored as a {@code type}: for records that come from files.
   *
   * @throws StateMismatch if there is none, or one of another type; it names both
   */
  public <T> T get(String name, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new StateMismatch(name + ": expected " + type.getSimpleName() + ", got "
          + (value == null ? "nothing" : value.getClass().getSimpleName()));
    }
    return type.cast(value);
  }

  /** All names and values in the order of declaration, unmodifiable. */
  public Map<String, Object> values() {
    return Collections.unmodifiableMap(values);
  }

  /** The record as bytes, for state that lies in other state. */
  public byte[] toBytes() {
    return RecordBytes.encode(Map.of("", this));
  }

  /**
   * The record that {@link #toBytes} gave.
   *
   * @throws StateMismatch if these are other bytes
   */
  public static StateRecord ofBytes(byte[] bytes) {
    StateRecord record = RecordBytes.decode(bytes).get("");
    if (record == null) {
      throw new StateMismatch("these bytes are no record");
    }
    return record;
  }

  /** Feeds names, kinds and values into a digest, in order. */
  public void digest(MessageDigest digest) {
    values.forEach((name, value) -> {
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      switch (value) {
        case Long v -> digest.update(buffer(8).putLong(0, v));
        case long[] v -> {
          ByteBuffer b = buffer(8 * v.length);
          b.asLongBuffer().put(v);
          digest.update(b);
        }
        case int[] v -> {
          ByteBuffer b = buffer(4 * v.length);
          b.asIntBuffer().put(v);
          digest.update(b);
        }
        case byte[] v -> digest.update(v);
        default -> digest.update(value.toString().getBytes(StandardCharsets.UTF_8));
      }
    });
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof StateRecord that) || !values.keySet().equals(that.values.keySet())) {
      return false;
    }
    return values.entrySet().stream().allMatch(e -> Objects.deepEquals(e.getValue(), that.values.get(e.getKey())));
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values.values().toArray());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(name).append('=').append(switch (value) {
      case Long v -> "0x" + Long.toHexString(v);
      case long[] v -> Arrays.toString(v);
      case int[] v -> Arrays.toString(v);
      case byte[] v -> v.length + " bytes";
      default -> value.toString();
    }).append('\n'));
    return text.toString();
  }
}
