// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What one machine has open outside. */
final class Connected implements AutoCloseable {
  private final List<Runnable> ends = new CopyOnWriteArrayList<>();

  void add(List<Runnable> more) {
    ends.addAll(more);
  }

  @Override
  public void close() {
    ends.forEach(Runnable::run);
    ends.clear();
  }
}
