// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

/** A file that a scenario brings along, by name. */
public sealed interface ScriptFile {
  /** Its name in the scenario's folder. */
  String name();

  /** A text that stands in the scenario. */
  record Text(String name, String text) implements ScriptFile {}

  /**
   * Random bytes.
   *
   * @param seed of {@code java.util.Random}
   * @param size their number
   */
  record RandomBytes(String name, long seed, long size) implements ScriptFile {}

  /**
   * A part of a guest.
   *
   * @param guest  name of its source
   * @param kernel whether its kernel is meant, else its first root file system
   */
  record GuestPart(String name, String guest, boolean kernel) implements ScriptFile {}
}
