// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.Optional;
import java.util.Set;

/**
 * What a number must be, of those bits of it that count.
 *
 * @param mask    bits that count
 * @param value   what they must be; empty if they may be any
 * @param atLeast the least that they may be, unsigned
 * @param atMost  the most
 */
record ExpectedValue(long mask, Optional<Long> value, Optional<Long> atLeast, Optional<Long> atMost) {
  /** Keys of a step by which one is said. */
  static final Set<String> KEYS = Set.of("value", "mask", "at-least", "at-most");

  /** @throws IllegalArgumentException if nothing is expected, or more than can be */
  static ExpectedValue of(Arguments arguments) {
    ExpectedValue expected = new ExpectedValue(arguments.number("mask").orElse(-1L), arguments.number("value"), arguments.number(
        "at-least"), arguments.number("at-most"));
    if (expected.value.isPresent() == (expected.atLeast.isPresent() || expected.atMost.isPresent())) {
      throw new IllegalArgumentException("expected 'value', or 'at-least' and 'at-most' or one of them");
    }
    expected.value.filter(value -> (value & ~expected.mask) != 0).ifPresent(value -> {
      throw new IllegalArgumentException("value: 0x%x has bits that the mask 0x%x lacks; no value could be that".formatted(value,
          expected.mask));
    });
    return expected;
  }

  /** What is wrong with a number. @param what whose it is */
  Optional<String> complaint(String what, long number) {
    long counted = number & mask;
    boolean as = value.map(wanted -> wanted == counted).orElse(true)
        && atLeast.map(least -> Long.compareUnsigned(counted, least) >= 0).orElse(true)
        && atMost.map(most -> Long.compareUnsigned(counted, most) <= 0).orElse(true);
    return as ? Optional.empty() : Optional.of("%s is 0x%x%s, expected %s".formatted(what, number, mask == -1 ? ""
        : ", 0x%x with mask 0x%x".formatted(counted, mask), text()));
  }

  private String text() {
    return value.map("0x%x"::formatted).orElseGet(() -> atLeast.map("at least 0x%x"::formatted).orElse("") + (atLeast.isPresent()
        && atMost.isPresent() ? " and " : "") + atMost.map("at most 0x%x"::formatted).orElse(""));
  }
}
