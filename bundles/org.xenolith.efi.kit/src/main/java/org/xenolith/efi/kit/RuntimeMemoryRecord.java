// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;

/** Where the services are, as bytes of a record; none if they are nowhere. */
public final class RuntimeMemoryRecord {
  private static final int MOST = 64;

  private RuntimeMemoryRecord() {}

  /** The record; empty without services. */
  public static byte[] encode(RuntimeMemory memory) {
    if (memory == null) {
      return new byte[0];
    }
    ByteBuffer out = ByteBuffer.allocate(8 + 8 + 1 + memory.ranges().size() * 24).putLong(memory.systemTable())
        .putLong(memory.runtimeServices()).put((byte) (memory.mapped() ? 1 : 0));
    memory.ranges().forEach(range -> out.putLong(range.base()).putLong(range.size()).putLong(range.virtual()));
    return out.array();
  }

  /** What a record says. @throws IllegalArgumentException if {@link #encode} didn't write it */
  public static @Nullable RuntimeMemory decode(byte[] bytes) {
    if (bytes.length == 0) {
      return null;
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      long system = in.getLong();
      long services = in.getLong();
      boolean mapped = in.get() != 0;
      List<Range> ranges = new ArrayList<>();
      while (in.hasRemaining() && ranges.size() < MOST) {
        ranges.add(new Range(in.getLong(), in.getLong(), in.getLong()));
      }
      return new RuntimeMemory(system, services, ranges, mapped);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(bytes.length + " bytes describe no runtime services");
    }
  }
}
