// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.nio.IntBuffer;

/**
 * Ways out of code that outlives its engine: those of a login are half a million, and a start takes few of them, so each is read when its row is asked for.
 *
 * @param what  the kind, and above it {@link #INDEX} and {@link #REST}
 * @param owner numbers of pages
 * @param place places in the code
 * @param access what else is known
 */
public record KeptExits(IntBuffer what, IntBuffer owner, IntBuffer place, IntBuffer access) {
  /** Where an instruction's index, which may be beyond a page's last, and the rest are in {@link #what}. */
  private static final int INDEX = 4;
  private static final int REST = 17;

  static KeptExits of(int size) {
    return new KeptExits(IntBuffer.allocate(size), IntBuffer.allocate(size), IntBuffer.allocate(size), IntBuffer.allocate(size));
  }

  int size() {
    return what.limit();
  }

  /** Keeps one of a row. */
  void keep(int number, ExitRow row, int at) {
    what.put(number, row.kind[at] | row.index[at] << INDEX | row.rest[at] << REST);
    owner.put(number, row.owner[at]);
    place.put(number, row.place[at]);
    access.put(number, row.access[at]);
  }

  /** One of a row is what was kept. */
  void restore(int number, ExitRow row, int at) {
    int all = what.get(number);
    row.kind[at] = (byte) (all & ExitTable.KINDS - 1);
    row.index[at] = all >>> INDEX & 2 * NativePage.BYTES - 1;
    row.rest[at] = all >>> REST;
    row.owner[at] = owner.get(number);
    row.place[at] = place.get(number);
    row.access[at] = access.get(number);
  }
}
