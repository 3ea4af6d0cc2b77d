// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Memory by addresses of one kind. It is read and written as it is now: what a processor has translated before, and kept, isn't asked; and only where RAM is, so that no
 * device notices.
 */
@ConsumerType
public interface InspectedMemory {
  /** Bytes that are translated alike, at least: those of the smallest page. */
  int PAGE = 4096;

  /** For example {@code physical}, or what the architecture calls addresses of that kind. */
  String name();

  /** What its addresses are translated to; empty for physical memory, where nothing is. */
  Optional<InspectedMemory> below();

  /**
   * One address, translated once: to one of {@link #below}. What an access there may do is the software's there, so that rights that are taken away for one
   * access only (PAN, SMAP, protection keys) don't count.
   *
   * @return empty if it isn't mapped, or a table is in no RAM; always for physical memory
   */
  Optional<Mapping> translate(long address);

  /**
   * The entries of tables by which an address is translated, in the order in which hardware reads them, those of the tables below among them, up to the one
   * that maps it or stops it; empty if nothing is read.
   */
  List<TableEntry> walk(long address);

  /** The physical address, through all that is below; empty if it isn't mapped somewhere on the way. */
  default OptionalLong physical(long address) {
    Optional<Mapping> found = translate(address);
    return found.isEmpty() ? OptionalLong.empty() : below().orElseThrow().physical(found.get().address());
  }

  /**
   * Writes bytes, which may lie in several pages, as inputs of the machine, one for each page: they are journalled with their instruction, and come again in a replay. What code there may
   * do isn't asked: a debugger writes to what a program may only read.
   *
   * @throws IllegalArgumentException if not all of them are in RAM; nothing is written then
   * @throws IllegalStateException while the machine replays a journal, or is in the middle of its run
   */
  default void write(long address, byte[] bytes) {
    InspectedMemory below = below().orElseThrow(() -> new IllegalArgumentException(name() + " can't be written to"));
    if (read(address, bytes.length).isEmpty()) {
      throw new IllegalArgumentException("%s, 0x%x: %d bytes aren't all in RAM; nothing was written".formatted(name(), address,
          bytes.length));
    }
    // Where they all are is asked before the first is written, which may be a table's.
    List<Runnable> pieces = new ArrayList<>();
    for (int done = 0; done < bytes.length;) {
      int piece = (int) Math.min(bytes.length - done, PAGE - (address + done & PAGE - 1));
      long to = translate(address + done).orElseThrow().address();
      byte[] part = Arrays.copyOfRange(bytes, done, done + piece);
      pieces.add(() -> below.write(to, part));
      done += piece;
    }
    pieces.forEach(Runnable::run);
  }

  /**
   * Copies bytes, which may lie in several pages.
   *
   * @return empty if not all of them are in RAM
   */
  default Optional<byte[]> read(long address, int length) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length;) {
      int piece = (int) Math.min(length - done, PAGE - (address + done & PAGE - 1));
      Optional<Mapping> found = translate(address + done);
      Optional<byte[]> part = found.isEmpty() ? Optional.empty() : below().orElseThrow().read(found.get().address(), piece);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      System.arraycopy(part.get(), 0, bytes, done, piece);
      done += piece;
    }
    return Optional.of(bytes);
  }
}
