// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.SavedPages;

/**
 * RAM of the snapshot that another one is saved onto: what is the same there isn't written again.
 *
 * @param folder the snapshot's
 * @param file   its RAM
 * @param chunks where that has which chunk
 * @param digest of the file
 */
record RamBelow(Path folder, SavedPages file, List<RamChunk> chunks, String digest) implements AutoCloseable {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final byte[] ZEROS = new byte[PAGE];
  /** Of a chunk that has changed more than this, all is written: what differs is copied when a machine goes on from it. */
  private static final int MOST = 2;

  /** The chunk of that address and size; null if there is none. */
  RamChunk chunk(long base, int size) {
    return chunks.stream().filter(each -> each.base() == base && each.size() == size).findFirst().orElse(null);
  }

  /** Pages of a chunk, by their numbers, that hold something else here; null if it isn't here, or more is other than the same. */
  BitSet differing(AddressSpace.Chunk now) throws IOException {
    Ram ram = now.ram();
    RamChunk then = chunk(ram.base, ram.size);
    if (then == null) {
      return null;
    }
    BitSet differing = new BitSet();
    BitSet held = now.held();
    BitSet data = file.data(then.offset(), then.size());
    byte[] old = new byte[PAGE];
    for (int page = 0; page < ram.size / PAGE; page++) {
      boolean has = data.get(page);
      if (has) {
        file.read(then.offset() + (long) page * PAGE, ByteBuffer.wrap(old));
      }
      boolean zeros = held != null && !held.get(page);
      if (zeros ? has && !Arrays.equals(old, ZEROS) : ram.mismatch(page * PAGE, has ? old : ZEROS, 0, PAGE) >= 0) {
        differing.set(page);
      }
    }
    return differing.cardinality() > ram.size / PAGE / MOST ? null : differing;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
