// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Names of code by address: those of one kernel or of one file. */
final class Symbols {
  /** None at all. */
  static final Symbols NONE = new Symbols(List.of());

  /**
   * A name of code.
   *
   * @param start address of the first byte
   * @param end   address behind the last one
   */
  record Symbol(long start, long end, String name) {}

  private final Symbol[] sorted;

  /** Of several names for one start the plainest stays. */
  Symbols(List<Symbol> symbols) {
    List<Symbol> all = new ArrayList<>(symbols);
    all.sort(Comparator.comparingLong((Symbol s) -> s.start + Long.MIN_VALUE).thenComparing(s -> plainness(s.name))
        .thenComparing(Symbol::name));
    List<Symbol> first = new ArrayList<>();
    for (Symbol each : all) {
      if (first.isEmpty() || first.getLast().start != each.start) {
        first.add(each);
      }
    }
    sorted = first.toArray(Symbol[]::new);
  }

  /** {@code memset} rather than {@code __pi_memset} or {@code __memset}. */
  private static int plainness(String name) {
    int underscores = 0;
    while (underscores < name.length() && name.charAt(underscores) == '_') {
      underscores++;
    }
    return underscores * 100 + name.length();
  }

  int size() {
    return sorted.length;
  }

  /** Where the symbol that an address belongs to begins; -1 if it belongs to none. */
  long start(long address) {
    Symbol symbol = at(address);
    return symbol == null ? -1 : symbol.start;
  }

  /** The symbol that an address belongs to, or null. */
  Symbol at(long address) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(sorted[middle].start, address) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high >= 0 && Long.compareUnsigned(address, sorted[high].end) < 0 ? sorted[high] : null;
  }
}
