// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

/** So many successive ways out of code, see {@link ExitTable}. */
final class ExitRow {
  /** Ways out of a row, as a power of two. */
  static final int SHIFT = 10;
  static final int LENGTH = 1 << SHIFT;
  static final int MASK = LENGTH - 1;

  final byte[] kind = new byte[LENGTH];
  /** The page, by its number. */
  final int[] owner = new int[LENGTH];
  final int[] index = new int[LENGTH];
  final int[] rest = new int[LENGTH];
  final int[] place = new int[LENGTH];
  final int[] access = new int[LENGTH];
}
