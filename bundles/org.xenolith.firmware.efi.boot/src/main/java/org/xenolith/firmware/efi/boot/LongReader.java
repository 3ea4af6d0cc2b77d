// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.UUID;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.regs.StateMismatch;

/** What {@link LongWriter} wrote. */
final class LongReader {
  private final LongBuffer in;
  private final String what;

  /** @param what for the message of a {@link StateMismatch} */
  LongReader(String what, byte[] bytes) {
    this.what = what;
    in = ByteBuffer.wrap(bytes).asLongBuffer();
  }

  long get() {
    try {
      return in.get();
    } catch (BufferUnderflowException e) {
      throw new StateMismatch(what + ": the record ends too early");
    }
  }

  int getInt() { return (int) get(); }

  /** A count of things that are each one number at least. */
  int count() {
    long count = get();
    if (count < 0 || count > in.remaining()) {
      throw new StateMismatch(what + ": " + count + " entries, and " + in.remaining() + " numbers follow");
    }
    return (int) count;
  }

  long[] longs() {
    long[] many = new long[count()];
    in.get(many);
    return many;
  }

  EfiGuid guid() {
    return new EfiGuid(new UUID(get(), get()));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (int left = count(); left > 0; left--) {
      text.append((char) get());
    }
    return text.toString();
  }

  /** Does something as often as the count says that stands next. */
  void each(Runnable action) {
    for (int left = count(); left > 0; left--) {
      action.run();
    }
  }
}
