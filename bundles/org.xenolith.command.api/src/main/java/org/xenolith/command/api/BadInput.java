// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The user asked for something that can't be; the message is for the user and says what, where and what helps. */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param message for the user, without the program's name; options in it are named by {@link OptionName#option} */
  public BadInput(String message) {
    super(message);
  }

  /** What is wrong with the value of an option. */
  public static BadInput at(String option, Object value, String message) {
    return new BadInput(OptionName.option(option) + " '" + value + "': " + message);
  }

  /** The same about an option, whose value its message begins with. */
  public BadInput about(String option) {
    return new BadInput(OptionName.option(option) + " " + getMessage());
  }

  /** Name of the option that is at fault, the first that the message names. */
  public Optional<String> option() {
    return OptionName.first(getMessage()).map(OptionName::name);
  }

  /**
   * What is wrong with a file that the user named.
   *
   * @param what   what named it: an option ({@link OptionName#option}), or a word
   * @param file   the file
   * @param e      what became of it
   */
  public static BadInput of(String what, Path file, IOException e) {
    return new BadInput(what + " '" + file + "': " + HostReason.of(e).text());
  }
}
