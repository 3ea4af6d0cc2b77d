// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What a machine took from outside since somebody wanted to know, in memory; it grows while the machine runs. Another one can take the same ({@link Machine#replay(MachineInputs, MachineState)}). Any thread. */
@ProviderType
public interface MachineInputs {
  /** How many were taken by now, resets and changes of bundles among them. */
  int taken();

  /** The latest change of a bundle; empty if there was none. */
  Optional<Change> latestChange();

  /** What came in from outside of one kind, oldest first: resets and changes of bundles aren't among them. */
  List<Taken> of(String kind);

  /**
   * Something came in from outside.
   *
   * @param instructions of all CPUs by then
   * @param nanoseconds  virtual time
   * @param place        as {@link Machine#input} had it
   * @param bytes        those that were taken
   */
  record Taken(long instructions, long nanoseconds, String place, byte[] bytes) {}

  /**
   * A bundle was changed under the machine.
   *
   * @param instructions of all CPUs by then
   * @param nanoseconds  virtual time
   * @param text         what was done to which, for people
   */
  record Change(long instructions, long nanoseconds, String text) {}
}
