// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.efi.api.EfiStatus;

/** A call that is open. All of it is state of the core: saved with the machine, and there for another provider of the layer. */
@ProviderType
public interface Call {
  /** Numbers that a call has for its steps. */
  int NUMBERS = 24;
  /** Task priority level of notification functions that may call most services (UEFI 2.10, table 7.2). */
  int TPL_CALLBACK = 8;
  /** Task priority level of those that interrupt the former. */
  int TPL_NOTIFY = 16;

  /** The firmware that was called. */
  Firmware firmware();

  /** Which step this is: 0 at first, then what the last {@link EfiStep} said. */
  int step();

  /**
   * Which step this is, by its name. The ordinal is what is recorded: who adds a step, takes one away or moves one counts {@link EfiLayer#version} up.
   *
   * @param steps all of the function's, in their order: a constant, as {@code values()} makes a copy
   * @throws EfiError DEVICE_ERROR if the function has no such step
   */
  default <S extends Enum<S>> S step(S[] steps) {
    int step = step();
    if (step < 0 || step >= steps.length) {
      throw new EfiError(EfiStatus.DEVICE_ERROR, "step " + step + " of a function that has " + steps.length);
    }
    return steps[step];
  }

  /** Whether this is the first step: nothing was done yet. */
  default boolean isFirst() { return step() == 0; }

  /** Whether this is a certain step. */
  default boolean isAt(Enum<?> step) {
    return step() == step.ordinal();
  }

  /** An argument: 0 to 7 as in registers x0 to x7, those behind as on the stack (AAPCS64). The call's own function may change none of them. */
  long argument(int index);

  /** What the function returned that was called before this step: an EFI_STATUS, if it is one of EFI's. */
  long result();

  /** What an access gave that was made before this step, by its place in the list. */
  long accessed(int index);

  /** One of the call's own numbers; 0 at first. */
  long get(int index);

  /** Sets one of the call's own numbers. */
  void set(int index, long value);

  /** One of the call's own numbers by its name; 0 at first. The ordinal is its place in the record, as that of a step is. */
  default long get(Enum<?> slot) {
    return get(slot.ordinal());
  }

  /** Sets one of the call's own numbers by its name. */
  default void set(Enum<?> slot, long value) {
    set(slot.ordinal(), value);
  }

  /** One of a list that begins at a slot, which is the last of its names. @param index from 0 on */
  default long get(Enum<?> list, int index) {
    return get(list.ordinal() + index);
  }

  /** Sets one of a list that begins at a slot, which is the last of its names. @param index from 0 on */
  default void set(Enum<?> list, int index, long value) {
    set(list.ordinal() + index, value);
  }

  /**
   * Memory of the guest's stack that is this call's until it returns: for what it passes to other functions by pointer. Zeros.
   *
   * @param bytes 1 to 16384
   * @return its address, a multiple of 16
   */
  long room(int bytes);

  /**
   * Lifts the task priority level, if it is lower, until this call is over in whatever way: who waits for hardware that serves one at a time
   * isn't entered from a notification function meanwhile (UEFI 2.10, 7.1).
   *
   * @param level the highest that callers of this function may have (UEFI 2.10, table 7.3): {@link #TPL_CALLBACK} or {@link #TPL_NOTIFY}
   */
  default void raise(int level) {}

  /**
   * Whether another call of the same layer is open that has a certain argument: what it works on can't be given back, or serve a second one.
   *
   * @param index of the argument, 0 to 7
   * @param value such as an interface's address
   */
  default boolean isBusy(int index, long value) {
    return false;
  }
}
