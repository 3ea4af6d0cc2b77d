// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/** Where a register file tells of guest accesses that the table does not cover. Never throws. */
public interface RegisterFaults {
  /** Takes nothing down: for tests and tools. */
  RegisterFaults NONE = (kind, offset, value) -> {};

  /** What was wrong with an access. */
  enum Kind {
    /** A read of an offset without a register: it read zero. */
    UNKNOWN_READ,
    /** A write to an offset without a register: it was ignored. */
    UNKNOWN_WRITE,
    /** A one was written to a bit that the manual defines and the model does not build. */
    UNMODELLED_BIT,
    /** A value or sequence that the manual forbids. */
    BAD_VALUE
  }

  /**
   * Reports one access.
   *
   * @param offset byte offset in the window
   * @param value  the value written, or 0 for a read
   */
  void report(Kind kind, long offset, long value);
}
