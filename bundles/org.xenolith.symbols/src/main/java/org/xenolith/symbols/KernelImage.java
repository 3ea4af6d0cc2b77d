// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;

/**
 * The memory around a kernel's code as it is mapped where the kernel runs.
 *
 * @param first address of the first byte
 * @param bytes copies; zeros for what isn't RAM
 */
record KernelImage(long first, byte[] bytes) {
  private static final int PAGE = InspectedMemory.PAGE;
  /** Pages each way: 64 MiB, twice a distribution's kernel. */
  private static final int MOST = 16_384;
  /** What a table maps as one at most: more is translated without tables, to whatever is there. */
  private static final long BLOCK = 1L << 30;
  /** Pages without a mapping in the middle of an image, 8 MiB: what a kernel gives back between its code and its data, relocations among it. */
  private static final int GAP = 2048;

  /**
   * Copies what is mapped around an address with small gaps at most.
   *
   * @param memory as the kernel has it
   * @param pc     where it executes
   */
  static KernelImage around(InspectedMemory memory, long pc) {
    long page = pc & -PAGE;
    int before = reach(memory, page, -PAGE);
    int after = reach(memory, page, PAGE) + 1;
    byte[] image = new byte[(before + after) * PAGE];
    long first = page - (long) before * PAGE;
    for (int at = 0; at < image.length;) {
      at += copy(memory, first + at, image, at);
    }
    return new KernelImage(first, image);
  }

  /** Copies what is mapped as one, or leaves a page out that isn't. @return how many bytes that is */
  private static int copy(InspectedMemory memory, long from, byte[] image, int at) {
    Optional<Mapping> found = memory.translate(from);
    int length = found.map(mapping -> run(mapping, from, image.length - at)).orElse(0);
    Optional<byte[]> bytes = length > PAGE ? memory.below().flatMap(below -> below.read(found.get().address(), length)) : Optional.empty();
    if (bytes.isEmpty() && length > 0) {
      bytes = memory.read(from, PAGE);
    }
    bytes.ifPresent(copied -> System.arraycopy(copied, 0, image, at, copied.length));
    return bytes.map(copied -> copied.length).orElse(PAGE);
  }

  /** Bytes from an address on that are translated as one, whole pages. */
  private static int run(Mapping found, long address, int most) {
    return (int) Math.clamp(found.size() - (address & found.size() - 1), PAGE, most);
  }

  /** Pages from one on, in steps of so many bytes, up to the last that is mapped. */
  private static int reach(InspectedMemory memory, long page, int step) {
    int last = 0;
    for (int i = 1; i <= MOST && i - last <= GAP;) {
      long address = page + (long) i * step;
      if (memory.physical(address).isPresent()) {
        // All that is translated with it is mapped, too, as far as tables below don't say otherwise.
        long size = memory.translate(address).map(Mapping::size).orElse((long) PAGE);
        long within = address & size - 1 & -PAGE;
        long more = (step > 0 ? size - PAGE - within : within) / PAGE;
        boolean everywhere = size > BLOCK;
        if (!everywhere || memory.read(address, 1).isPresent()) {
          i += everywhere ? 0 : (int) Math.min(more, MOST - i);
          last = i;
        }
      }
      i++;
    }
    return last;
  }
}
