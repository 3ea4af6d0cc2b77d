// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.regions;

/**
 * The page that accesses by one base register last led to, in loops: the next one is there, too, more often than not, and then
 * needs no look at the TLB. Nothing in a region changes the TLB, so what was found holds until the region is left.
 *
 * @param page   local of the page's virtual address, a long
 * @param bytes  local of the chunk that holds it; null before the first access
 * @param offset local of the page's offset in the chunk, an int
 */
record Window(int page, int bytes, int offset) {
  /** Local variables that one takes. */
  static final int LOCALS = 4;

  /** @param first its first local variable */
  static Window at(int first) {
    return new Window(first, first + 2, first + 3);
  }
}
