// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

/**
 * A reference to a provider with the cells that name what is meant there: an interrupt, a clock, an IOMMU's stream.
 *
 * @param provider the node referred to
 * @param cells    the specifier, as the provider's {@code #…-cells} property counts them
 */
public record FdtReference(FdtNode provider, int[] cells) {
  /** Copies the cells. */
  public FdtReference {
    cells = cells.clone();
  }

  @Override
  public int[] cells() {
    return cells.clone();
  }
}
