// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.pages.ExitTable;

/**
 * What the ways out of x86-64's code are for. What else is known of one is, of {@link #ACCESS}: its bytes, with {@link #LOADS}, {@link #STORES} and {@link #BESIDE}; of {@link #VECTORS}: {@link #NUMBERS}, or
 * nothing.
 */
final class ExitKinds extends ExitTable {
  /** An access has no tag; it is done again from {@link #place} on, or by the interpreter. */
  static final byte ACCESS = 1;
  /** The block at {@link #index} has more instructions than are left. */
  static final byte BUDGET = 2;
  /** The interpreter is to execute the instruction. */
  static final byte INTERPRET = 3;
  /** A branch left the page, and its target isn't known. */
  static final byte LOOKUP = 4;
  /** The next page is reached straight on, and nothing is left: it isn't looked up yet. */
  static final byte NEXT = 5;
  /** Code has no XMM registers yet, or the host can't compute with them; it goes on at {@link #place}. */
  static final byte VECTORS = 6;

  /** All that an access's bytes may be. */
  static final int SIZE = 0xFF;
  static final int STORES = 1 << 8;
  /** It loads, too, and does so first. */
  static final int LOADS = 1 << 9;
  /** A store that touches no watched byte is made all the same. */
  static final int BESIDE = 1 << 10;
  /** The host is to compute with floating point. */
  static final int NUMBERS = 1 << 8;
}
