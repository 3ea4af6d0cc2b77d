// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;
import org.xenolith.regs.RegisterField;

/**
 * A register that a processor has.
 *
 * @param name   the architecture's, in the manual's letters
 * @param group  what it belongs to, such as {@code general}; for people, and who shows registers by groups
 * @param bits   its width
 * @param title  what the manual calls it in words, such as {@code System Control Register}; empty if its table doesn't say
 * @param fields the lowest first, none of them over another; reserved bits are in none. None if it is one value, such as an address or a counter, or its table doesn't say
 */
public record RegisterDescription(String name, String group, int bits, String title, List<RegisterField> fields) {
  /** @throws IllegalArgumentException if it has no name or no bits, or a field that has others */
  public RegisterDescription {
    if (name.isEmpty() || group.isEmpty() || bits < 1) {
      throw new IllegalArgumentException("register '" + name + "' of '" + group + "': " + bits + " bits");
    }
    fields = List.copyOf(fields);
    for (RegisterField field : fields) {
      if (field.high() >= bits) {
        throw new IllegalArgumentException("register " + name + " of " + bits + " bits has none for its field " + field.name());
      }
    }
  }

  /** One of whose table nothing more is known. */
  public RegisterDescription(String name, String group, int bits) {
    this(name, group, bits, "", List.of());
  }

  /** Words of 64 bits that a value has. */
  public int words() {
    return (bits + 63) / 64;
  }
}
