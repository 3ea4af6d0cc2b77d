// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Translates on the thread that asks, but any number of requests later, and in any order. */
final class Sometime extends AtOnce {
  private final Random random;
  private final List<Runnable> waiting = new ArrayList<>();

  Sometime(long seed) {
    random = new Random(seed);
  }

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
    for (int i = random.nextInt(4); i > 0 && !waiting.isEmpty(); i--) {
      super.execute(waiting.remove(random.nextInt(waiting.size())));
    }
  }
}
