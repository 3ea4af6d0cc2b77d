// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/**
 * A range of bus addresses that a function decodes now.
 *
 * @param base   first address
 * @param size   bytes
 * @param device what answers
 * @param bar    number of the BAR, for it
 */
public record PciAperture(long base, long size, PciDevice device, int bar) {
  /** Whether an address is in it. */
  public boolean holds(long address) {
    return Long.compareUnsigned(address - base, size) < 0;
  }
}
