// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Memory by addresses of one kind. It is read as it is now: what a processor has translated before, and kept, isn't asked; and only where RAM is, so that no
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
