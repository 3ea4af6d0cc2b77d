// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;

/**
 * Bytes that an instruction writes, and where it has them from.
 *
 * @param to     what is written
 * @param from   what it is made of, as it is before the instruction; nothing for a constant
 * @param copied whether it is the same bytes in the same order, of the one place that {@code from} has then; else they are computed
 */
public record DataMove(Place to, List<Place> from, boolean copied) {
  /** Some bytes that instructions can have. */
  public sealed interface Place {
    /** How many. */
    int bytes();
  }

  /**
   * Bytes of a register.
   *
   * @param name  as {@link InspectedProcessor#registers} has it
   * @param first from the lowest one on, which is 0
   */
  public record InRegister(String name, int first, int bytes) implements Place {}

  /**
   * Bytes of memory.
   *
   * @param address of the first, in {@link InspectedProcessor#memory}
   */
  public record InMemory(long address, int bytes) implements Place {}

  /**
   * Bytes of a port, of processors that have these.
   *
   * @param number of the first
   */
  public record InPort(int number, int bytes) implements Place {}

  /** @throws IllegalArgumentException if it copies from none, several, or another number of bytes */
  public DataMove {
    from = List.copyOf(from);
    if (copied && (from.size() != 1 || from.getFirst().bytes() != to.bytes())) {
      throw new IllegalArgumentException(from + " can't be copied to " + to);
    }
  }

  /** The same bytes elsewhere. */
  public static DataMove copy(Place to, Place from) {
    return new DataMove(to, List.of(from), true);
  }

  /** What is computed; a constant of nothing. */
  public static DataMove computed(Place to, List<Place> from) {
    return new DataMove(to, from, false);
  }
}
