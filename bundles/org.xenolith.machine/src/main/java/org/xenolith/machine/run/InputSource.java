// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import org.xenolith.machine.journal.JournalEntry;

/** Where a run's inputs come from and where they are written down. Asked at every safe point. */
public interface InputSource {
  /** From outside, not recorded. */
  InputSource LIVE = new InputSource() {
    @Override
    public void apply(RunLoop loop) {
      if (loop.inputs().pending()) {
        loop.settle();
        loop.inputs().apply(taken -> loop.settle());
      }
    }
  };

  /** Applies what is to be applied now. */
  void apply(RunLoop loop);

  /** An input was taken, besides those that {@link #apply} applies. */
  default void taken(OutsideInputs.Input input) {}

  /**
   * A bundle was changed under the machine, which stands still.
   *
   * @param jar content of the new version, or null
   */
  default void changed(JournalEntry.Operation operation, String bundle, String version, byte[] jar) {}

  /** The guest resets the machine, which can be booted again. Returns whether it is: a journal knows how that was. */
  default boolean reset() {
    return true;
  }

  /** Whether inputs may still come from outside. */
  default boolean live() {
    return true;
  }

  /** The instruction count of the next input that is known already, else {@link Long#MAX_VALUE}. */
  default long nextInstructions() {
    return Long.MAX_VALUE;
  }

  /** The virtual time of the next known input if it comes at this instruction count, else {@link Long#MAX_VALUE}. */
  default long nextNanoseconds(long instructions) {
    return Long.MAX_VALUE;
  }
}
