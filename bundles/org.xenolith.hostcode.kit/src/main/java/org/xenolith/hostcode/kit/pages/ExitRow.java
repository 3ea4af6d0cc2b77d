// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

/** So many successive ways out of code, see {@link ExitTable}. */
final class ExitRow {
  /** Ways out of a row, as a power of two. */
  static final int SHIFT = 10;
  static final int LENGTH = 1 << SHIFT;
  static final int MASK = LENGTH - 1;

  final byte[] kind;
  /** The page, by its number. */
  final int[] owner;
  final int[] index;
  final int[] rest;
  final int[] place;
  final int[] access;

  /** Of none yet. */
  ExitRow() {
    kind = new byte[LENGTH];
    owner = new int[LENGTH];
    index = new int[LENGTH];
    rest = new int[LENGTH];
    place = new int[LENGTH];
    access = new int[LENGTH];
  }

  /** The same ways out for another engine. */
  ExitRow(ExitRow of) {
    kind = of.kind.clone();
    owner = of.owner.clone();
    index = of.index.clone();
    rest = of.rest.clone();
    place = of.place.clone();
    access = of.access.clone();
  }
}
