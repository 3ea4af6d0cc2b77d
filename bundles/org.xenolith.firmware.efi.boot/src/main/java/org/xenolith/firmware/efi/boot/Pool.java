// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;

/**
 * Allocates pieces of memory that are smaller than a page, or larger (UEFI 2.10, 7.2.4). What is free is kept outside the guest's memory,
 * so that nothing that is written there confuses it.
 */
final class Pool {
  /** Alignment of pieces; the specification wants 8. */
  private static final int UNIT = 16;
  /** Bytes that are allocated at once for small pieces. */
  private static final long ARENA = 64 << 10;
  /** Pieces of this size and more have pages of their own. */
  private static final long LARGE = 16 << 10;

  /** Pieces that there may be: what is kept of each beside the guest's memory is larger than the smallest. */
  static final int MOST = 1 << 18;

  private record Piece(long size, int type) {}

  private final PageMap pages;
  private final Map<Long, Piece> pieces = new TreeMap<>();
  /** What is free in arenas, by kind of memory: address to bytes. */
  private final Map<Integer, NavigableMap<Long, Long>> free = new TreeMap<>();

  Pool(PageMap pages) {
    this.pages = pages;
  }

  void clear() {
    pieces.clear();
    free.clear();
  }

  /** Allocates. @throws EfiError OUT_OF_RESOURCES */
  long allocate(int type, long bytes) {
    if (bytes < 0 || bytes > 1L << 40) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, bytes + " bytes");
    }
    if (pieces.size() >= MOST) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, MOST + " pieces of the pool are allocated");
    }
    long size = Math.max(UNIT, bytes + UNIT - 1 & -UNIT);
    long address = size >= LARGE ? pages.allocate(type, (size + PageMap.PAGE - 1) / PageMap.PAGE, -1) : small(type, size);
    pieces.put(address, new Piece(size, type));
    return address;
  }

  private long small(int type, long size) {
    NavigableMap<Long, Long> holes = free.computeIfAbsent(type, kind -> new TreeMap<>());
    for (var hole : holes.entrySet()) {
      if (hole.getValue() >= size) {
        long address = hole.getKey();
        long left = hole.getValue() - size;
        holes.remove(address);
        if (left > 0) {
          holes.put(address + size, left);
        }
        return address;
      }
    }
    long arena = pages.allocate(type, ARENA / PageMap.PAGE, -1);
    holes.put(arena + size, ARENA - size);
    return arena;
  }

  /** Frees. @throws EfiError INVALID_PARAMETER if it wasn't allocated here */
  void free(long address) {
    Piece piece = pieces.remove(address);
    if (piece == null) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": not allocated from the pool");
    }
    if (piece.size >= LARGE) {
      pages.free(address, (piece.size + PageMap.PAGE - 1) / PageMap.PAGE);
      return;
    }
    NavigableMap<Long, Long> holes = free.computeIfAbsent(piece.type, kind -> new TreeMap<>());
    long base = address;
    long size = piece.size;
    var below = holes.lowerEntry(address);
    if (below != null && below.getKey() + below.getValue() == address) {
      base = below.getKey();
      size += below.getValue();
    }
    Long above = holes.remove(address + piece.size);
    if (above != null) {
      size += above;
    }
    holes.put(base, size);
  }

  /** Bytes of a piece; 0 if it isn't one. */
  long size(long address) {
    Piece piece = pieces.get(address);
    return piece == null ? 0 : piece.size;
  }

  /** Bytes that are allocated. */
  long allocated() {
    return pieces.values().stream().mapToLong(Piece::size).sum();
  }

  byte[] save() {
    LongWriter out = new LongWriter();
    out.all(pieces.entrySet(), each -> out.put(each.getKey()).put(each.getValue().size).put(each.getValue().type));
    out.all(free.entrySet(), kind -> out.put(kind.getKey()).all(kind.getValue().entrySet(), hole -> out.put(hole.getKey()).put(hole
        .getValue())));
    return out.bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("pool", bytes);
    clear();
    in.each(() -> pieces.put(in.get(), new Piece(in.get(), in.getInt())));
    in.each(() -> {
      NavigableMap<Long, Long> holes = new TreeMap<>();
      free.put(in.getInt(), holes);
      in.each(() -> holes.put(in.get(), in.get()));
    });
  }

  /** For tests: by kind of memory. */
  Map<Integer, Integer> counts() {
    Map<Integer, Integer> counts = new HashMap<>();
    pieces.values().forEach(piece -> counts.merge(piece.type, 1, Integer::sum));
    return counts;
  }
}
