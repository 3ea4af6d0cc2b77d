// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.Arrays;

/**
 * One interrupt of a node: the controller's path and the cells that name its input.
 *
 * @param controller path of the interrupt controller's node
 * @param cells      the specifier, as many cells as the controller's {@code #interrupt-cells}
 */
public record InterruptSpecifier(String controller, int[] cells) {
  /** Copies the cells. */
  public InterruptSpecifier {
    cells = cells.clone();
  }

  @Override
  public int[] cells() {
    return cells.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InterruptSpecifier that && controller.equals(that.controller)
        && Arrays.equals(cells, that.cells);
  }

  @Override
  public int hashCode() {
    return 31 * controller.hashCode() + Arrays.hashCode(cells);
  }

  @Override
  public String toString() {
    return controller + Arrays.toString(cells);
  }
}
