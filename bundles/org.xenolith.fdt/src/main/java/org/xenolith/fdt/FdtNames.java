// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/** The rules that names of nodes and properties obey, and that names of siblings differ. */
final class FdtNames {
  /**
   * Longest name in bytes. The specification says 31, trees in use exceed it; a bound is still needed, because many
   * properties may share one string and each gets a copy.
   */
  static final int MAX_LENGTH = 255;

  private static final int LINEAR_SEARCH = 12;

  private FdtNames() {}

  static String checked(String kind, String name) {
    if (name.isEmpty()) {
      throw new FdtException("a " + kind + " has an empty name", "name it");
    }
    if (name.length() > MAX_LENGTH) {
      throw new FdtException("the name of a " + kind + " is longer than " + MAX_LENGTH + " bytes", "shorten it");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > '~' || c == '/') {
        throw new FdtException("the name of a " + kind + " has the character 0x" + Integer.toHexString(c)
            + " at position " + i, "use letters, digits and , . _ + - ? # @");
      }
    }
    return name;
  }

  static <T> void distinct(String kind, List<T> siblings, Function<T, String> name) {
    int n = siblings.size();
    if (n <= LINEAR_SEARCH) {
      for (int i = 1; i < n; i++) {
        String mine = name.apply(siblings.get(i));
        for (int k = 0; k < i; k++) {
          if (mine.equals(name.apply(siblings.get(k)))) {
            throw duplicate(kind, mine);
          }
        }
      }
      return;
    }
    HashSet<String> seen = HashSet.newHashSet(n);
    for (T sibling : siblings) {
      if (!seen.add(name.apply(sibling))) {
        throw duplicate(kind, name.apply(sibling));
      }
    }
  }

  private static FdtException duplicate(String kind, String name) {
    return new FdtException("two " + kind + " are named '" + name + "'", "remove or rename one");
  }
}
