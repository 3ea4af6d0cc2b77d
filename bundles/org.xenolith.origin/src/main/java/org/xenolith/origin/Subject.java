// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.function.Function;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.watch.WatchedAddress.Space;

/**
 * What somebody asks about.
 *
 * @param what  for people
 * @param place a write to which is one of it
 * @param held  what it holds in a machine of the past, in hexadecimal; empty if that isn't known
 */
record Subject(String what, StopPlace place, Function<PastMachine, String> held) {
  /** Where bytes of memory are written, whoever does. */
  static StopPlace writes(long first, int length) {
    return new StopPlace.Access(Space.PHYSICAL, first, length, false, true);
  }
}
