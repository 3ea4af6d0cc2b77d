// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;

/** What a function's step comes to. */
public sealed interface EfiStep {
  /** Whether the call is over with it. */
  default boolean ends() {
    return this instanceof Return;
  }

  /** The call returns. @param value what the caller finds in x0 */
  record Return(long value) implements EfiStep {}

  /**
   * A function is called, ours or a guest's alike.
   *
   * @param next      the step behind it
   * @param function  its address
   * @param arguments as many as it has
   */
  record Invoke(int next, long function, long[] arguments) implements EfiStep {
    /** With the step behind it by its name. */
    public Invoke(Enum<?> next, long function, long[] arguments) {
      this(next.ordinal(), function, arguments);
    }
  }

  /**
   * Hardware is touched, or hypercalls are made, by code of the guest, in this order.
   *
   * @param next     the step behind it
   * @param accesses 1 to 256
   */
  record Touch(int next, List<EfiAccess> accesses) implements EfiStep {
    /** Keeps a copy. */
    public Touch {
      accesses = List.copyOf(accesses);
    }

    /** With the step behind it by its name. */
    public Touch(Enum<?> next, List<EfiAccess> accesses) {
      this(next.ordinal(), accesses);
    }
  }

  /**
   * Hardware is touched as by {@link Touch}, but nobody learns what it answered: the step behind it follows at once. It is done, in this order, before
   * anything else of the guest's is executed, other hardware is touched, or somebody waits; so a device has done nothing of it yet in the next step.
   * Costs no way to the guest and back where the call returns or waits next.
   *
   * @param next     the step behind it
   * @param accesses 1 to 256
   */
  record Post(int next, List<EfiAccess> accesses) implements EfiStep {
    /** Keeps a copy. */
    public Post {
      accesses = List.copyOf(accesses);
    }

    /** With the step behind it by its name. */
    public Post(Enum<?> next, List<EfiAccess> accesses) {
      this(next.ordinal(), accesses);
    }
  }

  /**
   * The guest waits; notification functions that become due are called meanwhile.
   *
   * @param next  the step behind it
   * @param until the value of the counter, {@link Firmware#counter}
   */
  record Wait(int next, long until) implements EfiStep {
    /** With the step behind it by its name. */
    public Wait(Enum<?> next, long until) {
      this(next.ordinal(), until);
    }
  }

  /** Another step follows at once. */
  record Go(int next) implements EfiStep {
    /** With the step by its name. */
    public Go(Enum<?> next) {
      this(next.ordinal());
    }
  }

  /** The call returns a status. */
  static EfiStep done(EfiStatus status) {
    return new Return(status.code());
  }

  /** The call returns success. */
  static EfiStep done() {
    return new Return(0);
  }

  /** The call returns a value: another function's status, or what isn't one. */
  static EfiStep done(long value) {
    return new Return(value);
  }

  /** A function is called. */
  static EfiStep call(int next, long function, long... arguments) {
    return new Invoke(next, function, arguments);
  }

  /** Hardware is touched, and nobody learns what it answered. */
  static EfiStep post(int next, EfiAccess... accesses) {
    return new Post(next, List.of(accesses));
  }

  /** Hardware is touched. */
  static EfiStep touch(int next, EfiAccess... accesses) {
    return new Touch(next, List.of(accesses));
  }

  /** A function is called. @param next the step behind it */
  static EfiStep call(Enum<?> next, long function, long... arguments) {
    return call(next.ordinal(), function, arguments);
  }

  /** Hardware is touched, and nobody learns what it answered. @param next the step behind it */
  static EfiStep post(Enum<?> next, EfiAccess... accesses) {
    return post(next.ordinal(), accesses);
  }

  /** Hardware is touched. @param next the step behind it */
  static EfiStep touch(Enum<?> next, EfiAccess... accesses) {
    return touch(next.ordinal(), accesses);
  }
}
