// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** Translates on the thread that asks. */
class AtOnce extends AbstractExecutorService {
  int done;

  @Override
  public void execute(Runnable task) {
    task.run();
    done++;
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() { return false; }

  @Override
  public boolean isTerminated() { return false; }

  @Override
  public boolean awaitTermination(long time, TimeUnit unit) {
    return true;
  }
}
