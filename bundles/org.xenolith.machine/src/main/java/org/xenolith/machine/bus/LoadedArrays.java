// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.machine.kit.PageStore;

/** Large arrays that were loaded to memory, for as long as somebody else has them, as whoever boots the machine again does: a state needs no copy of what is still in memory of them. */
final class LoadedArrays {
  /** Smaller ones are copied as quickly. */
  private static final int LEAST = 1 << 20;

  private record Piece(WeakReference<byte[]> array, int offset, int length) {}

  private final Map<Long, Piece> byAddress = new HashMap<>();

  /** Bytes of an array are at a physical address. */
  void add(long address, byte[] array, int offset, int length) {
    if (length >= LEAST) {
      byAddress.put(address, new Piece(new WeakReference<>(array), offset, length));
    }
  }

  /** Tells a store of them, which keeps those that are still there. */
  void tell(PageStore store) {
    byAddress.forEach((address, piece) -> {
      byte[] array = piece.array.get();
      if (array != null) {
        store.loaded(address, MemorySegment.ofArray(array).asSlice(piece.offset, piece.length).asReadOnly());
      }
    });
    byAddress.clear();
  }
}
