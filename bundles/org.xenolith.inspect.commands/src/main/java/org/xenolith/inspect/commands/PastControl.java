// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.kit.AttendedRun;
import org.xenolith.launch.api.RunControl;

/** A machine of the past for the words that look: it stands still, is stepped along what was, and doesn't go on. Used by one thread. */
final class PastControl implements RunControl {
  private final PastMachine past;
  private final Consumer<String> progress;
  private Runnable halted = () -> {};

  /** @param progress hears how far a long way is */
  PastControl(PastMachine past, Consumer<String> progress) {
    this.past = past;
    this.progress = progress;
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
    step(cpu, 1);
  }

  /** All at once: nothing stops it on the way but who gives up. */
  void step(int cpu, int times) {
    new AttendedRun(past.machine(), past::cancel, progress).await(() -> past.step(cpu, times));
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
