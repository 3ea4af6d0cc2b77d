// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.util.List;

/**
 * A few instructions and the state they start from.
 *
 * @param seed  what the generator made it from
 * @param words the instructions
 * @param units where in {@code words} the sequence may be cut off: after so many words
 * @param state see {@link State}; the entry is filled in by the image
 */
record Sequence(long seed, int[] words, List<Integer> units, long[] state) {
  /** The first {@code count} words only. */
  Sequence prefix(int count) {
    return new Sequence(seed, java.util.Arrays.copyOf(words, count), units, state.clone());
  }
}
