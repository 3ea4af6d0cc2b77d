// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An option in a text for the user, without knowing how it is given: the command line shows {@code --memory} where a window shows the
 * label of a field. A text holds the name between two brackets that nobody types; who shows the text replaces them.
 *
 * @param name as {@code dom0-memory}: lower-case letters, digits and dashes
 */
public record OptionName(String name) {
  private static final char BEGIN = '\u27e6';
  private static final char END = '\u27e7';
  private static final Pattern NAMED = Pattern.compile(BEGIN + "([a-z0-9-]+)" + END);

  /** Refuses what couldn't be found in a text again. */
  public OptionName {
    if (!name.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException("'" + name + "' is no name of an option: expected lower-case letters, digits and dashes");
    }
  }

  /** The option of this name, in a text. */
  public static String option(String name) {
    return new OptionName(name).toString();
  }

  /** As a text holds it. */
  @Override
  public String toString() {
    return BEGIN + name + END;
  }

  /** The text as it is shown. @param form from an option's name to how it is given here */
  public static String show(String text, UnaryOperator<String> form) {
    return text.indexOf(BEGIN) < 0 ? text : NAMED.matcher(text).replaceAll(match -> Matcher.quoteReplacement(form.apply(match.group(1))));
  }

  /** The text as a command line shows it. */
  public static String onCommandLine(String text) {
    return show(text, name -> "--" + name);
  }

  /** The first option in a text. */
  public static Optional<OptionName> first(String text) {
    Matcher matcher = NAMED.matcher(text);
    return matcher.find() ? Optional.of(new OptionName(matcher.group(1))) : Optional.empty();
  }
}
