// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.util.concurrent.Callable;
import org.xenolith.launch.api.RunControl;

/** The runs of a machine that a test runs itself: nobody halts them. */
final class UnhaltedRun implements RunControl {
  @Override
  public void halt() {}

  @Override
  public void resume() {}

  @Override
  public void step(int cpu) {}

  @Override
  public <T> T look(Callable<T> look) {
    throw new IllegalStateException("it isn't halted");
  }

  @Override
  public void quit() {}
}
