// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/**
 * Answers words of the monitor prompt in the place of those who have them, while people look at something else than the machine itself: at its past, say. An OSGi service. Whoever executes a word for
 * a person or a program asks all of them first.
 */
@ConsumerType
public interface WordRelay {
  /**
   * Answers a word, or refuses it.
   *
   * @param machine   the machine that the prompt belongs to
   * @param name      the word
   * @param onlyLooks as {@link MonitorCommand#onlyLooks} of the word has it
   * @param words     what follows it, split at blanks
   * @return the answer, as of {@link MonitorCommand#execute}; empty if the word is executed as always
   * @throws BadInput if it mustn't be executed now
   */
  Optional<String> answer(Machine machine, String name, boolean onlyLooks, List<String> words);

  /** Executes a word for somebody, if nobody else answers it. @param relays all there are */
  static String execute(List<WordRelay> relays, MonitorCommand command, Machine machine, List<String> words) {
    for (WordRelay relay : relays) {
      Optional<String> answer = relay.answer(machine, command.name(), command.onlyLooks(), words);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return command.execute(machine, words);
  }
}
