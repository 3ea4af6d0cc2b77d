// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.Arrays;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;

/** Memory around an address in which no kernel was found, and by what it is seen that there may be one since: some bytes at places all over it, which a kernel that is loaded there writes to. */
final class SearchedMemory {
  private static final int PLACES = 64;
  private static final int BYTES = 64;
  private final long first;
  private final long length;
  private final byte[][] samples = new byte[PLACES][];

  SearchedMemory(KernelImage image, InspectedMemory memory) {
    first = image.first();
    length = image.bytes().length;
    for (int i = 0; i < PLACES; i++) {
      samples[i] = sample(memory, i);
    }
  }

  private byte[] sample(InspectedMemory memory, int place) {
    return memory.read(first + (length / PLACES * place & -BYTES), BYTES).orElse(new byte[0]);
  }

  /** Whether an address is in it, and it is as it was as far as that is looked at. */
  boolean holds(InspectedMemory memory, long address) {
    boolean same = Long.compareUnsigned(address - first, length) < 0;
    for (int i = 0; i < PLACES && same; i++) {
      same = Arrays.equals(samples[i], sample(memory, i));
    }
    return same;
  }
}
