// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;

/** Memory of pages that a test has written to, each at its own address; all others aren't mapped. */
final class MappedMemory implements InspectedMemory {
  private final Map<Long, byte[]> pages = new HashMap<>();

  void put(long address, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      pages.computeIfAbsent(address + i & -PAGE, page -> new byte[PAGE])[(int) (address + i & PAGE - 1)] = bytes[i];
    }
  }

  void word(long address, long value) {
    put(address, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value).array());
  }

  void half(long address, int value) {
    put(address, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value).array());
  }

  void text(long address, String text) {
    put(address, (text + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  void drop(long address) {
    pages.remove(address & -PAGE);
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Optional<InspectedMemory> below() {
    return Optional.empty();
  }

  @Override
  public Optional<Mapping> translate(long address) {
    return pages.containsKey(address & -PAGE) ? Optional.of(new Mapping(address, PAGE, true, true, false)) : Optional.empty();
  }

  @Override
  public OptionalLong physical(long address) {
    return translate(address).map(found -> OptionalLong.of(found.address())).orElse(OptionalLong.empty());
  }

  @Override
  public List<TableEntry> walk(long address) {
    return List.of();
  }

  @Override
  public Optional<byte[]> read(long address, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      byte[] page = pages.get(address + i & -PAGE);
      if (page == null) {
        return Optional.empty();
      }
      bytes[i] = page[(int) (address + i & PAGE - 1)];
    }
    return Optional.of(Arrays.copyOf(bytes, length));
  }
}
