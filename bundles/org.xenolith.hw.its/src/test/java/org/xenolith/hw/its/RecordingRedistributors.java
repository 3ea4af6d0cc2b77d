// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.xenolith.arm.api.LpiController;

/** Redistributors that remember what is pending where and what they were told. */
final class RecordingRedistributors implements LpiController {
  /** What was told besides pending state, such as {@code reload 0 8192}. */
  final List<String> told = new ArrayList<>();
  private final List<TreeSet<Integer>> pending = new ArrayList<>();

  RecordingRedistributors(int redistributors) {
    for (int i = 0; i < redistributors; i++) {
      pending.add(new TreeSet<>());
    }
  }

  /** The pending LPIs of a redistributor in ascending order. */
  List<Integer> pending(int redistributor) {
    return List.copyOf(pending.get(redistributor));
  }

  @Override
  public void setPending(int redistributor, int intid) {
    pending.get(redistributor).add(intid);
  }

  @Override
  public void clearPending(int redistributor, int intid) {
    pending.get(redistributor).remove(intid);
  }

  @Override
  public void reload(int redistributor, int intid) {
    told.add("reload " + redistributor + " " + intid);
  }

  @Override
  public void reloadAll(int redistributor) {
    told.add("reload " + redistributor + " all");
  }

  @Override
  public void move(int from, int to, int intid) {
    if (pending.get(from).remove(intid)) {
      pending.get(to).add(intid);
    }
  }

  @Override
  public void moveAll(int from, int to) {
    pending.get(to).addAll(pending.get(from));
    if (from != to) {
      pending.get(from).clear();
    }
  }
}
