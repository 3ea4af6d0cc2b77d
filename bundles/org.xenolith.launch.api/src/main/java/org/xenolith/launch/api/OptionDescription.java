// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.regex.Pattern;

/**
 * How a launch option is called and shown.
 *
 * @param name       unique; lower-case letters, digits and dashes, as {@code dom0-memory}
 * @param form       what its texts are
 * @param value      stands for a text in help, as {@code SIZE}; empty for a flag
 * @param bare       whether it may be given without a text, which is then an empty one
 * @param repeats    whether there may be several texts
 * @param help       a sentence or two for people, with a full stop
 * @param label      what stands before a field for it, without a colon
 * @param topic      heading of a help text, or page of a dialog, that it stands under
 * @param place      where it stands among others, lowest first; a topic stands where its first option does
 * @param inSnapshot whether a snapshot holds what it says, so that who continues one can't say it again
 */
public record OptionDescription(String name, Form form, String value, boolean bare, boolean repeats, String help, String label,
    String topic, int place,
    boolean inSnapshot) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** What the texts of an option are. */
  public enum Form {
    /** Given or not. */
    FLAG,
    /** Any text. */
    TEXT,
    /** One of the candidates. */
    CHOICE,
    /** The path of a file; relative to where it is written: the working folder, or the scenario's. Or one of the candidates, if there are any. */
    FILE,
    /** The path of a folder. */
    FOLDER
  }

  /** Refuses what no front end can show. */
  public OptionDescription {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' can't be an option's name: expected lower-case letters, digits and single dashes");
    }
  }

  /** An option that a snapshot holds. @param place see {@link #place} */
  public static OptionDescription of(String name, Form form, String topic, int place) {
    return new OptionDescription(name, form, form == Form.FLAG ? "" : form.name(), false, false, "", name, topic, place, true);
  }

  /** The same with a placeholder for its value. */
  public OptionDescription value(String placeholder) {
    return new OptionDescription(name, form, placeholder, bare, repeats, help, label, topic, place, inSnapshot);
  }

  /** The same, to be given any number of times. */
  public OptionDescription repeated() {
    return new OptionDescription(name, form, value, bare, true, help, label, topic, place, inSnapshot);
  }

  /** The same, to be given without a text too. */
  public OptionDescription bareToo() {
    return new OptionDescription(name, form, value, true, repeats, help, label, topic, place, inSnapshot);
  }

  /** The same with words for people. */
  public OptionDescription words(String newLabel, String newHelp) {
    return new OptionDescription(name, form, value, bare, repeats, newHelp, newLabel, topic, place, inSnapshot);
  }

  /** The same for what no snapshot holds. */
  public OptionDescription outsideSnapshot() {
    return new OptionDescription(name, form, value, bare, repeats, help, label, topic, place, false);
  }
}
