// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;

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
  /** Pages without a mapping in the middle of an image: what a kernel gives back between its code and its data, up to the next 2 MiB. */
  private static final int GAP = 512;

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
    for (int at = 0; at < image.length; at += PAGE) {
      Optional<byte[]> bytes = memory.read(first + at, PAGE);
      if (bytes.isPresent()) {
        System.arraycopy(bytes.get(), 0, image, at, PAGE);
      }
    }
    return new KernelImage(first, image);
  }

  /** Pages from one on, in steps of so many bytes, up to the last that is mapped. */
  private static int reach(InspectedMemory memory, long page, int step) {
    int last = 0;
    for (int i = 1; i <= MOST && i - last <= GAP; i++) {
      if (memory.physical(page + (long) i * step).isPresent()) {
        last = i;
      }
    }
    return last;
  }
}
