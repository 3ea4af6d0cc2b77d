// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.util.List;

/**
 * A call from the core into a bundle that has not come back for some seconds: what it is about, and where it stands.
 *
 * @param instance    the device, as in {@link Machine.DeviceFact#instance}; empty if the bundle serves none or one of several
 * @param bundle      symbolic name of the bundle whose code it is
 * @param version     its version
 * @param doing       what the core does, for example {@code running}
 * @param nanoseconds how long it has had to come back: of the host's time since it was seen first what its thread waited, and what it was executed for;
 *                    of a busy host's time less than passed, but a twentieth at least
 * @param stack       where it stands, innermost frame first, only what was the same at every look
 */
public record Hang(String instance, String bundle, String version, String doing, long nanoseconds, List<String> stack) {
  /** For people: who, and since when. */
  @Override
  public String toString() {
    return (instance.isEmpty() ? "" : instance + ": ") + bundle + " " + version + " has not come back for "
        + nanoseconds / 1_000_000_000 + " s";
  }
}
