// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile.api;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.control.Machine;

/**
 * What to look for.
 *
 * @param period  instructions of a CPU between two samples, at least {@link #SHORTEST}
 * @param symbols files with names of addresses, as {@code FILE[@OFFSET]}: ELF, or lines as {@code System.map} has them; OFFSET, in
 *                hexadecimal, is added to each address. Names that a kernel has of itself are found without
 */
public record ProfileRequest(long period, List<String> symbols) {
  /** Instructions between two samples unless something else is asked for: a prime, so that no loop keeps step with it. */
  public static final long PERIOD = 100_003;
  /** Fewer would be nothing but samples. */
  public static final long SHORTEST = 100;

  /** Checks and copies. */
  public ProfileRequest {
    if (period < SHORTEST) {
      throw new IllegalArgumentException("period " + period + ": expected at least " + SHORTEST + " instructions");
    }
    symbols = List.copyOf(symbols);
  }

  /**
   * Checks a period as a user writes it.
   *
   * @throws BadInput if it is no number of instructions, or too few
   */
  public static long period(String text) {
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < SHORTEST) {
      throw new BadInput(option("profile-period") + " " + text + ": expected at least " + SHORTEST + " instructions");
    }
    return Long.parseLong(text);
  }

  /**
   * Has the best of some profilers begin.
   *
   * @param installed the best last
   * @throws BadInput if there is none
   */
  public Profile begin(Machine machine, List<Profiler> installed) {
    if (installed.isEmpty()) {
      throw new BadInput(option("profile")
          + ": no bundle that profiles is installed. Build the tree with its bundle org.xenolith.profile, or boot"
          + " without " + option("profile"));
    }
    return installed.getLast().begin(machine, this);
  }
}
