// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What a step does. A console's name is empty for the board's console; times are virtual nanoseconds. */
public sealed interface Action {
  /** Types a text at a console. */
  record Type(String console, String text) implements Action {}

  /** Runs until a line of a console matches, behind what was matched before. */
  record Expect(String console, Pattern pattern, long within) implements Action {}

  /** Runs for some time. */
  record Wait(long time) implements Action {}

  /** Runs until the guest ends in that manner. @param status with which, of {@link Manner#EXIT} */
  record End(Manner manner, long within, int status) implements Action {
    End(Manner manner, long within) {
      this(manner, within, 0);
    }
  }

  /** How a guest ends. */
  enum Manner {
    /** It powers off. */
    POWEROFF,
    /** It asks for a reset. */
    RESET,
    /** It waits for ever. */
    IDLE,
    /** It ends the run with a status of its own. */
    EXIT
  }

  /**
   * Replaces a bundle.
   *
   * @param bundle  symbolic name
   * @param jar     what by; else the same content
   * @param version under this version; else, without a jar, the installed one with a greater last number
   * @param times   how often
   * @param every   time to run before each but the first
   */
  record Replace(String bundle, Optional<Path> jar, Optional<String> version, int times, long every) implements Action {}

  /** Removes a bundle: its devices go away. */
  record Remove(String bundle) implements Action {}

  /** Adds a bundle that was removed, by name, or a jar. */
  record Plug(String bundle, Optional<Path> jar) implements Action {}

  /**
   * Makes the models of a bundle fail: the next access of the kind throws out of them.
   *
   * @param bundle symbolic name
   * @param reads  whether reads fail
   * @param writes whether writes fail
   */
  record FailModel(String bundle, boolean reads, boolean writes) implements Action {}

  /**
   * Makes a disk fail from now on, or mends it.
   *
   * @param disk   which, 0 and up in the file's order
   * @param first  first sector of 512 bytes
   * @param last   last one
   * @param reads  whether reads fail
   * @param writes whether writes fail
   */
  record FailDisk(int disk, long first, long last, boolean reads, boolean writes) implements Action {}

  /** A fault of a kind that a bundle defines. @param span time to run with it, after which it ends; empty if it lasts */
  record OtherFault(String kind, Map<String, String> arguments, OptionalLong span) implements Action {}

  /** Ends the faults of a kind that last; of all kinds if it is empty. */
  record Mend(String kind) implements Action {}

  /** Runs until something has come of a kind that a bundle defines. */
  record OtherWait(String kind, Map<String, String> arguments, long within) implements Action {}

  /** Checks whether a device is there, and by which version of its bundle. */
  record CheckDevice(String node, boolean present, Optional<String> version) implements Action {}

  /** Checks how many events of a kind there were. */
  record CheckEvents(String kind, long least, long most) implements Action {}

  /** Checks that a console has shown a line, or that it has not. */
  record CheckConsole(String console, Pattern pattern, boolean shown) implements Action {}

  /** Checks that the digest is one noted before, or given in hexadecimal. */
  record CheckDigest(String expected) implements Action {}

  /** A check of a kind that a bundle defines. */
  record OtherCheck(String kind, Map<String, String> arguments) implements Action {}

  /** Notes the digest under a name. */
  record NoteDigest(String name) implements Action {}

  /** Saves a snapshot under a name. */
  record Save(String name) implements Action {}

  /** Goes on from a snapshot. */
  record Restore(String name) implements Action {}

  /** Executes a command of the monitor prompt; its answer must match. */
  record Monitor(String line, Optional<Pattern> answer) implements Action {}
}
