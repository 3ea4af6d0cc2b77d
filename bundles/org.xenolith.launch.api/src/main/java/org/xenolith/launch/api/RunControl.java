// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.concurrent.Callable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A launched machine's runs, as a {@link Debugger} halts them. What is done here is no input: virtual time stands still while the machine does, and the run is the same
 * with and without. Any thread, unless something else is said.
 */
@ProviderType
public interface RunControl {
  /**
   * Halts the machine: at its next safe point; called on the machine's thread, by what is told of a stop, exactly after the current instruction. {@link
   * Debugger.Session#halted} says when it has. Nothing if it is halted already.
   */
  void halt();

  /** Lets a halted machine go on. */
  void resume();

  /**
   * Lets a halted machine go on until a CPU has executed one instruction, and halts it then, or at a stop before that. The other CPUs execute what they would have
   * executed meanwhile.
   *
   * @param cpu its index
   */
  void step(int cpu);

  /**
   * Looks into a halted machine, or one whose run has {@link #ended}, or changes it by inputs, on a thread that nothing of the machine waits for. The caller waits for that.
   *
   * @return what the look has found
   * @throws InterruptedException if the caller is interrupted; the look may be done nevertheless
   * @throws IllegalStateException if the machine isn't halted while it runs, or its run ends
   */
  <T> T look(Callable<T> look) throws InterruptedException;

  /** Ends the run, as a person does who has seen enough. */
  void quit();

  /** Whether a run is over and the next one hasn't begun: the machine stands still, and {@link #look} looks into it. */
  default boolean ended() {
    return false;
  }

  /** Whether a person has a prompt for this machine, who can let it go on after it was halted. */
  default boolean attended() {
    return false;
  }

  /**
   * Tells the person something about the halted machine, and gives them the prompt if they haven't got it. Nothing if nobody is there.
   *
   * @param text lines, each with its end
   */
  default void prompt(String text) {}
}
