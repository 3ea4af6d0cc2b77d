// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history.api;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.control.Machine;

/**
 * The past of a machine, the present one, which stands still while any of this is asked: between two runs, as while it is halted ({@code RunControl.look}). Nothing of it changes the present
 * machine, nor what it comes to. Not for several threads at once, but for what says so.
 */
@ProviderType
public interface MachineHistory {
  /** The present machine. */
  Machine machine();

  /** The first moment that can be reached. */
  Moment first();

  /**
   * Why what was before {@link #first} isn't reached by this, and how it can be, for people: a sentence without its end. Empty if the run began there, so that nothing was before.
   */
  default String beforeFirst() {
    return "";
  }

  /** Where the present machine stands. */
  Moment present();

  /** Moments that are near by: each other one is reached by executing from one of them, in ascending order. Any thread. */
  List<Moment> checkpoints();

  /** Host memory that is kept for it, in bytes. Any thread. */
  long held();

  /** Host memory that may be kept for it, in bytes. Any thread. */
  long budget();

  /**
   * Reads a goal: instructions ({@code 938033991} or {@code 938,033,991}), a time ({@code 2.5s}, {@code 30ms}, {@code 17us}, {@code 2086862848ns}), or a moment as {@link Moment#toString} writes
   * it. Any thread.
   *
   * @throws org.xenolith.command.api.BadInput if it is none; the message says what one is
   */
  Goal goal(String text);

  /**
   * A machine that stands at a moment of the past. Whoever asks for it closes it.
   *
   * @throws org.xenolith.command.api.BadInput if that can't be: it is beyond the present, before {@link #first}, or no moment of this run
   */
  PastMachine at(Goal goal);

  /**
   * A machine of its own that goes on from where one of the past stands, and may be written to: what would be if. It takes what people write to it and nothing else from outside, is moved forwards
   * only, and has no past of its own; neither the past nor the present notices. Whoever asks for it closes it.
   *
   * @param past one of this history
   * @throws org.xenolith.command.api.BadInput if it is what would be already
   */
  PastMachine whatIf(PastMachine past);

  /** The machine of the past that people look at from the prompt instead of the present one; empty while they look at that. Any thread. */
  Optional<PastMachine> shown();

  /**
   * The moment that people look at from the prompt in another process: what ran there before a bundle was changed can't be executed by this one. Words of the prompt are answered there
   * ({@code WordRelay}), and {@link #shown} is empty. Any thread.
   */
  default Optional<Moment> inOtherProcess() {
    return Optional.empty();
  }

  /**
   * Has people look at a machine of the past from the prompt.
   *
   * @param past one of this history, which is closed when another is shown, or nothing of it any more; null for the present machine
   */
  void show(@Nullable PastMachine past);
}
