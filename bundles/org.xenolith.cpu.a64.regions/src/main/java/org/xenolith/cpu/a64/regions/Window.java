// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

/**
 * The page that accesses by one base register last led to, in loops: the next one is there, too, more often than not, and then
 * needs no look at the TLB. Nothing in a region changes the TLB, so what was found holds until the region is left.
 *
 * @param page   local of the page's virtual address, a long
 * @param heap   local of the array of the page's place in {@code HostMemory}; before the first access null
 * @param offset local of the number of that place, a long; before the first access 0
 */
record Window(int page, int heap, int offset) {
  /** Local variables that one takes. */
  static final int LOCALS = 5;

  /** @param first its first local variable */
  static Window at(int first) {
    return new Window(first, first + 2, first + 3);
  }
}
