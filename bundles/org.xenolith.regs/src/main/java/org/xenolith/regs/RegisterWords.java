// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.util.List;

/**
 * What the manual says of a register in words.
 *
 * @param title  what it is called, such as {@code Control Register}; empty if nobody has said
 * @param whole  whether it is one value, such as an address or a counter
 * @param fields what it consists of otherwise, the lowest first; reserved bits are in none
 */
public record RegisterWords(String title, boolean whole, List<RegisterField> fields) {
  /** Of a register of which nothing is said. */
  public static final RegisterWords UNSAID = new RegisterWords("", false, List.of());

  /** Copies the list. */
  public RegisterWords {
    fields = List.copyOf(fields);
  }

  /** Of the lowest 64 bits those that have a meaning. */
  public long named() {
    return whole ? -1L : fields.stream().mapToLong(RegisterField::mask).reduce(0, (some, more) -> some | more);
  }
}
