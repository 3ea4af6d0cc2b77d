// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

/** Where a run's inputs come from and where they are written down. Asked at every safe point. */
public interface InputSource {
  /** From outside, not recorded. */
  InputSource LIVE = new InputSource() {};

  /** Applies what is to be applied now: what was brought from outside. */
  default void apply(RunLoop loop) {
    if (loop.inputs().pending()) {
      loop.settle();
      loop.inputs().apply(input -> {
        taken(input);
        loop.settle();
      });
    }
  }

  /** An input from outside was taken. */
  default void taken(OutsideInputs.Input input) {}

  /** A bundle is about to be changed under the machine, which stands still; it may come to nothing. */
  default void changing() {}

  /** A bundle was changed under the machine, which stands still. */
  default void changed(ChangedBundle change) {}

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

  /** How many inputs were taken, of those that are known one by one. */
  default int position() {
    return 0;
  }

  /** Where inputs come from, without who listens to that. */
  default InputSource origin() {
    return this;
  }
}
