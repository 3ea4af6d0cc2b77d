// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.io.IOException;
import java.nio.file.Path;
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

  /** All changes of bundles, oldest first. */
  default List<Change> changes() {
    return latestChange().stream().toList();
  }

  /**
   * Writes a journal of what was taken before a bundle was changed, with the versions of bundles that were put in and taken out until then, and those that this change took out: another process replays it.
   *
   * @param command as {@link Machine#record(Path, String)} has it
   * @param end     one of {@link #changes}; it and what was taken since isn't written
   * @throws IOException if it can't be written, or a version wasn't kept; the message says which
   */
  default void write(Path file, String command, Change end) throws IOException {
    throw new IOException("this machine's core doesn't write what it keeps");
  }

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
   * @param before       what ran until then, for people: a bundle and its version; empty if that isn't known, or nothing was there
   * @param digest       of the machine when it was about to be done, as {@link Machine#digest} has it; empty if that isn't known
   */
  record Change(long instructions, long nanoseconds, String text, String before, String digest) {
    /** One of which the machine's state isn't known. */
    public Change(long instructions, long nanoseconds, String text, String before) {
      this(instructions, nanoseconds, text, before, "");
    }

    /** One of which isn't known what ran before. */
    public Change(long instructions, long nanoseconds, String text) {
      this(instructions, nanoseconds, text, "");
    }
  }
}
