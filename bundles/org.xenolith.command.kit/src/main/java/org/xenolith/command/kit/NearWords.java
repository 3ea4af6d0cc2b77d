// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which words somebody may have meant: those a slip or two away, where a slip is a letter too many, too few, wrong or swapped with its neighbour. */
public final class NearWords {
  /** One slip in so many letters. */
  private static final int LETTERS = 3;

  private NearWords() {}

  /** The nearest of them, in their order; empty if none is near. */
  public static List<String> of(String typed, Collection<String> words) {
    String lower = typed.toLowerCase(Locale.ROOT);
    int least = words.stream().mapToInt(word -> slips(lower, word)).min().orElse(Integer.MAX_VALUE);
    return words.stream().filter(word -> slips(lower, word) == least && least <= Math.max(1, Math.min(lower.length(), word.length())
        / LETTERS))
        .sorted(Comparator.naturalOrder()).toList();
  }

  /** The optimal string alignment distance. */
  private static int slips(String a, String b) {
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int changed = slips[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        slips[i][j] = Math.min(changed, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
          slips[i][j] = Math.min(slips[i][j], slips[i - 2][j - 2] + 1);
        }
      }
    }
    return slips[a.length()][b.length()];
  }
}
