// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.it.boot.Explanations.Kind;

/** Two lists of lines held against each other, apart from what is explained. */
final class Difference {
  private Difference() {}

  /**
   * What is left unexplained, as lines that begin with {@code ours:} or {@code qemu:}.
   *
   * @param topic which explanations count
   */
  static List<String> unexplained(String topic, List<String> ours, List<String> qemu, Explanations explanations) {
    List<String> here = prepared(topic, ours, explanations);
    List<String> there = prepared(topic, qemu, explanations);
    List<String> left = new ArrayList<>();
    List<String> moving = new ArrayList<>(here.stream().filter(line -> explanations.is(Kind.MOVES, topic, line)).toList());
    for (String line : there.stream().filter(line -> explanations.is(Kind.MOVES, topic, line)).toList()) {
      if (!moving.remove(line)) {
        left.add("qemu: " + line);
      }
    }
    moving.forEach(line -> left.add("ours: " + line));
    here.removeIf(line -> explanations.is(Kind.MOVES, topic, line));
    there.removeIf(line -> explanations.is(Kind.MOVES, topic, line));
    inOrder(topic, here, there, explanations, left);
    return left;
  }

  private static List<String> prepared(String topic, List<String> lines, Explanations explanations) {
    List<String> prepared = new ArrayList<>();
    for (String line : lines) {
      if (!explanations.is(Kind.CHANCE, topic, line)) {
        prepared.add(explanations.withoutNumbers(topic, line));
      }
    }
    return prepared;
  }

  /** Walks both along a longest common subsequence. */
  private static void inOrder(String topic, List<String> here, List<String> there, Explanations explanations, List<String> left) {
    int[][] common = new int[here.size() + 1][there.size() + 1];
    for (int i = here.size() - 1; i >= 0; i--) {
      for (int j = there.size() - 1; j >= 0; j--) {
        common[i][j] = here.get(i).equals(there.get(j)) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < here.size() || j < there.size()) {
      if (i < here.size() && j < there.size() && here.get(i).equals(there.get(j))) {
        i++;
        j++;
      } else if (j == there.size() || i < here.size() && common[i + 1][j] >= common[i][j + 1]) {
        if (!explanations.is(Kind.OURS, topic, here.get(i))) {
          left.add("ours: " + here.get(i));
        }
        i++;
      } else {
        if (!explanations.is(Kind.QEMU, topic, there.get(j))) {
          left.add("qemu: " + there.get(j));
        }
        j++;
      }
    }
  }
}
