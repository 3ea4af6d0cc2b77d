// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that a launch can be told; an OSGi service of the bundle that understands it. The command line, the boot dialog, scenarios
 * and tests offer every option that is installed, each in its own form, and know none of them.
 *
 * <p>Texts are as a user writes them; a flag that is set has the one text {@link #ON}. What is wrong with them is a
 * {@link org.xenolith.command.api.BadInput} that begins with the option ({@code BadInput.at}).
 */
@ConsumerType
public interface LaunchOption {
  /** The text of a flag that is set. */
  String ON = "on";

  /** Texts of an option of which several may stand in one text with blanks between them, each alone. An empty text is one. */
  static List<String> words(List<String> texts) {
    return texts.stream().flatMap(text -> Arrays.stream(text.strip().split("\\s+"))).toList();
  }

  /** Its name and how it is shown. Always the same. */
  OptionDescription description();

  /**
   * Puts it into a request. Unless this is overridden the texts stand there as they are, under the option's name, for a
   * {@link LaunchShaper} of the same bundle; it still has to be overridden for texts to be refused early.
   *
   * @param texts one; any number from one on if it may be repeated
   * @throws org.xenolith.command.api.BadInput if one can't be meant
   */
  default void use(List<String> texts, LaunchRequest.Builder request) {
    request.option(description().name(), texts);
  }

  /**
   * Whether it changes nothing of the run, only what is seen of it. Who replays a journal's run says such options anew: what the run itself had of them isn't repeated.
   */
  default boolean observes() {
    return false;
  }

  /**
   * Complains about what can be seen before anything is built or fetched, beyond the texts themselves: a file that isn't there, another
   * option that this one needs or excludes.
   *
   * @param said names of all options that are given
   * @throws org.xenolith.command.api.BadInput that says which and why
   */
  default void check(List<String> texts, Set<String> said) {}

  /**
   * Complains about a text that was served at the launch and isn't any more, as the bundle went that knew it. Called before a machine is
   * booted again after a reset, for what stands in {@link LaunchRequest#options}.
   *
   * @throws org.xenolith.command.api.BadInput that says which and what to do
   */
  default void checkServed(List<String> texts) {}

  /** Texts that are likely or, for a {@linkplain OptionDescription.Form#CHOICE choice}, the only ones possible: to complete or choose. */
  default List<String> candidates() {
    return List.of();
  }
}
