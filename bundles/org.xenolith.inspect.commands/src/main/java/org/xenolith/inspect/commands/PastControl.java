// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.concurrent.Callable;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.PastMachine;
import org.xenolith.launch.api.RunControl;

/** A machine of the past for the words that look: it stands still, is stepped along what was, and doesn't go on. Used by one thread. */
final class PastControl implements RunControl {
  private final PastMachine past;
  private Runnable halted = () -> {};

  PastControl(PastMachine past) {
    this.past = past;
  }

  /** Who is told that it stands. */
  void listener(Runnable newListener) {
    halted = newListener;
  }

  @Override
  public void halt() {
    // It stands.
  }

  @Override
  public void resume() {
    throw new BadInput("this is the past; forth-to moves there, present leads back to the machine that can go on");
  }

  @Override
  public void step(int cpu) {
    past.step(cpu, 1);
    halted.run();
  }

  @Override
  public <T> T look(Callable<T> look) {
    try {
      return look.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void quit() {
    // Its run has ended.
  }

  @Override
  public boolean attended() {
    return true;
  }
}
