// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** What one machine has open outside. */
final class Connected implements AutoCloseable {
  private final List<Runnable> ends = new CopyOnWriteArrayList<>();
  private Supplier<List<Runnable>> again = List::of;

  void add(List<Runnable> more) {
    ends.addAll(more);
  }

  /** How what is open is opened once more. */
  void again(Supplier<List<Runnable>> newAgain) {
    again = newAgain;
  }

  /** The machine has gone back to where it began. */
  void wentBack() {
    close();
    add(again.get());
  }

  @Override
  public void close() {
    ends.forEach(Runnable::run);
    ends.clear();
  }
}
