package org.xenolith.profile.api;

import java.util.List;

/**
 * What to look for.
 *
 * @param period  instructions of a CPU between two looks at it, at least {@link #SHORTEST}
 * @param symbols files with names of addresses, as {@code FILE[@OFFSET]}: ELF, or lines as {@code System.map} has them; OFFSET, in
 *                hexadecimal, is added to each address. Names that a kernel has of itself are found without
 */
public record ProfileRequest(long period, List<String> symbols) {
  /** Instructions between two looks unless something else is asked for: a prime, so that no loop keeps step with it. */
  public static final long PERIOD = 100_003;
  /** Fewer would be nothing but looks. */
  public static final long SHORTEST = 100;

  /** Checks and copies. */
  public ProfileRequest {
    if (period < SHORTEST) {
      throw new IllegalArgumentException("period " + period + ": expected at least " + SHORTEST + " instructions");
    }
    symbols = List.copyOf(symbols);
  }
}
