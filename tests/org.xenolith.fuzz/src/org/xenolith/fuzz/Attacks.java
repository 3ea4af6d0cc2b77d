// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What can be attacked: the classes of this program that are attacks. */
public final class Attacks {
  private Attacks() {}

  /** One object of each, by word. */
  public static List<Attack> all() {
    return OwnClasses.of(Attack.class).stream().<Attack>map(OwnClasses::make).sorted(Comparator.comparing(Attack::word)).toList();
  }

  /**
   * A new object of the attack with a word.
   *
   * @throws IllegalArgumentException there is none; it says which there are
   */
  public static Attack named(String word) {
    List<Attack> all = all();
    return all.stream().filter(attack -> attack.word().equals(word)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no entry " + word + "; there are "
            + all.stream().map(Attack::word).collect(Collectors.joining(", "))));
  }
}
