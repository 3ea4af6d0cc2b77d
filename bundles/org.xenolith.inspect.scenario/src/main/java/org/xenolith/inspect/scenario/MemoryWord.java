// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;

/**
 * A number in memory, little-endian.
 *
 * @param memory  whose addresses are meant
 * @param address of its first byte
 * @param size    1, 2, 4 or 8 bytes
 * @param value   zero-extended
 */
record MemoryWord(InspectedMemory memory, long address, int size, long value) {
  /**
   * Reads what {@code space}, {@code cpu} and {@code size} say.
   *
   * @param where address, symbol or register
   * @param usual size if none is said
   * @throws IllegalArgumentException if there is no RAM
   */
  static MemoryWord of(Arguments arguments, String where, int usual) {
    MemorySpace space = MemorySpace.of(arguments.on(), arguments.processor(), arguments.text("space").orElse(""));
    long address = NamedAddress.of(arguments.on(), space.processor(), where).address();
    int size = arguments.size(usual);
    byte[] bytes = space.memory().read(address, size).orElseThrow(() -> new IllegalArgumentException(
        "0x%x: %d bytes there are in no RAM, of the memory '%s'; 'space' names another (physical, cpu1, d1)".formatted(address, size, space
            .memory().name())));
    return new MemoryWord(space.memory(), address, size, ByteBuffer.wrap(Arrays.copyOf(bytes, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN)
        .getLong());
  }

  /** Writes another value, as an input of the machine. */
  void write(long other) {
    memory.write(address, Arrays.copyOf(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, other).array(), size));
  }

  /** For people. */
  String text() {
    return "the number of %d bytes at 0x%x, %s,".formatted(size, address, memory.name());
  }
}
