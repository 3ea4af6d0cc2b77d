// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.xenolith.command.api.BadInput;

/** What a client says to a tool. What isn't what the tool takes is refused, and the refusal says what it takes. */
final class ToolArguments {
  private final Map<String, Object> said;

  /** @throws BadInput if something is said that the tool doesn't take */
  ToolArguments(List<ToolParameter> takes, Map<String, Object> said) {
    this.said = said == null ? Map.of() : said;
    List<String> names = takes.stream().map(ToolParameter::name).toList();
    for (String name : this.said.keySet()) {
      if (!names.contains(name)) {
        throw new BadInput("there is no parameter '" + name + "'; " + (names.isEmpty() ? "there are none" : "there are "
            + String.join(", ", names)));
      }
    }
  }

  /** A text; empty if none is said. */
  Optional<String> text(String name) {
    return switch (said.get(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw new BadInput("parameter '" + name + "' is a text, not " + said.get(name));
    };
  }

  /**
   * A number; empty if none is said.
   *
   * @param most the largest one that can be meant; the smallest is 0
   */
  OptionalDouble number(String name, double most) {
    return switch (said.get(name)) {
      case null -> OptionalDouble.empty();
      case Number number when number.doubleValue() >= 0 && number.doubleValue() <= most -> OptionalDouble.of(number.doubleValue());
      default -> throw new BadInput("parameter '" + name + "' is a number from 0 to " + BigDecimal.valueOf(most).stripTrailingZeros()
          .toPlainString() + ", not " + said.get(name));
    };
  }
}
