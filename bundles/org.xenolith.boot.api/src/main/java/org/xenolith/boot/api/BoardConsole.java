// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.List;

/**
 * A board's console, for a guest that must be told which of its drivers' lines that is.
 *
 * @param compatible what its node is compatible with, the most special first
 * @param line the N of its {@code serialN} in the tree's {@code /aliases}; without one, how many enabled UARTs of its kind without one are
 *        before it in the tree, which is how Linux' drivers number them
 */
public record BoardConsole(List<String> compatible, int line) {
  public BoardConsole {
    compatible = List.copyOf(compatible);
    if (line < 0) {
      throw new IllegalArgumentException("line " + line + ": the first is 0");
    }
  }
}
