// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/**
 * A register that a processor has.
 *
 * @param name  the architecture's, in the manual's letters
 * @param group what it belongs to, such as {@code general}; for people, and who shows registers by groups
 * @param bits  its width
 */
public record RegisterDescription(String name, String group, int bits) {
  /** @throws IllegalArgumentException if it has no name or no bits */
  public RegisterDescription {
    if (name.isEmpty() || group.isEmpty() || bits < 1) {
      throw new IllegalArgumentException("register '" + name + "' of '" + group + "': " + bits + " bits");
    }
  }

  /** Words of 64 bits that a value has. */
  public int words() {
    return (bits + 63) / 64;
  }
}
