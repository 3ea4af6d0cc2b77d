// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/**
 * A command of the monitor prompt (Ctrl-] at a terminal) and, in the scope {@code xenolith}, of the OSGi shell; an OSGi
 * service. Those registered while the prompt is up count; of two with one name the one of higher service ranking.
 */
@ConsumerType
public interface MonitorCommand {
  /** The first word, lower case, for example {@code xl}. */
  String name();

  /** Usage and meaning as the help shows them, lines without indentation; the first begins with {@link #name}. */
  String help();

  /** The same at length, with examples: what {@code help NAME} shows. */
  default String manual() {
    return help();
  }

  /**
   * What a line that is being typed can go on with. As {@link #execute} is it called while the machine runs, and must not wait for long.
   *
   * @param words what follows the name; the last one is begun, and may be empty
   * @return whole words for the last one; those that don't begin so are left out by who asks
   */
  default List<String> complete(Machine machine, List<String> words) {
    return List.of();
  }

  /** Whether the guest has the terminal again when a line was executed without an error: what follows is to be seen there. */
  default boolean leaves() {
    return false;
  }

  /**
   * Whether it does nothing but look: whatever is said, the machine and the host's files stay what they were, and the machine comes to what it comes to without. Who lets others than a person
   * at the prompt execute lines, as a program that has been given a machine to look at, refuses the rest.
   */
  default boolean onlyLooks() {
    return false;
  }

  /**
   * Executes one line. It is called on the prompt's thread while the machine runs: act on the machine through what may be
   * called from any thread ({@link Machine#input}, {@link Machine#post}), and never wait without an end.
   *
   * @param machine the machine that the prompt belongs to
   * @param words   what follows the name, split at blanks
   * @return what a person reads, with line ends; empty for nothing
   * @throws BadInput if that can't be done
   */
  String execute(Machine machine, List<String> words);
}
