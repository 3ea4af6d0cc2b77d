// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import java.util.List;

/**
 * What a model says of itself.
 *
 * @param name      short name as on the data sheet, for example {@code PL011}
 * @param summary   one sentence
 * @param reference the manual it is built from
 * @param options   typed options and quirk switches
 */
public record ModelDescription(String name, String summary, String reference, List<Option> options) {

  /** Copies the list. */
  public ModelDescription {
    options = List.copyOf(options);
  }

  /** A description without options. */
  public ModelDescription(String name, String summary, String reference) {
    this(name, summary, reference, List.of());
  }

  /** The type of an option's value. */
  public enum Type {
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A number, decimal or with 0x; zeros in front mean nothing. */
    INTEGER,
    /** Any text. */
    STRING
  }

  /**
   * One option or quirk switch.
   *
   * @param name    lower-case, words joined by '-'
   * @param type    type of the value
   * @param initial value when nothing is said
   * @param meaning one sentence, with unit
   * @param quirk   whether it switches a defect of the silicon
   */
  public record Option(String name, Type type, String initial, String meaning, boolean quirk) {}
}
