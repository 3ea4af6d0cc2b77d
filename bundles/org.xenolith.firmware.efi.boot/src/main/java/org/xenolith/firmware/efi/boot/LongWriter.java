// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Consumer;
import org.xenolith.efi.api.EfiGuid;

/** State as 64-bit numbers, one behind the other. */
final class LongWriter {
  private long[] values = new long[64];
  private int count;

  LongWriter put(long number) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = number;
    return this;
  }

  /** An array with its length. */
  LongWriter put(long[] many) {
    put(many.length);
    for (long each : many) {
      put(each);
    }
    return this;
  }

  LongWriter put(EfiGuid guid) {
    return put(guid.value().getMostSignificantBits()).put(guid.value().getLeastSignificantBits());
  }

  LongWriter put(String text) {
    put(text.length());
    text.chars().forEach(this::put);
    return this;
  }

  /** As many as there are, and each. */
  <T> LongWriter all(Collection<T> things, Consumer<T> each) {
    put(things.size());
    things.forEach(each);
    return this;
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(count * Long.BYTES);
    out.asLongBuffer().put(values, 0, count);
    return out.array();
  }
}
