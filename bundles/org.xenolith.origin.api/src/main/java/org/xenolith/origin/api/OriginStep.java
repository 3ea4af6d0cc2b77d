// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.OptionalInt;
import org.xenolith.history.api.Moment;

/**
 * A step on the way that bytes have come.
 *
 * @param kind      of what it is
 * @param moment    behind it: one can go there
 * @param processor index of the CPU that executed; empty if none did
 * @param code      where that CPU's instruction is, for people; empty if none executed
 * @param text      what happened, for people
 */
public record OriginStep(Kind kind, Moment moment, OptionalInt processor, String code, String text) {
  /** What a step is. */
  public enum Kind {
    /** An instruction wrote them into memory from a register, or without one. */
    STORE,
    /** An instruction read them from memory into the register that they were stored from. */
    LOAD,
    /** A hypervisor or firmware in Java wrote them in the place of an instruction. */
    CALL,
    /** Java copied them from other memory in the place of an instruction: a grant copy. */
    COPY,
    /** A bus master wrote them. */
    DMA,
    /** An instruction read them from a device's register. */
    DEVICE,
    /** They are of a disk's sector: the end. */
    SECTOR,
    /** They are of a frame that was delivered to a network port: the end. */
    FRAME,
    /** They came from outside by a serial line: the end. */
    TYPED,
    /** They were there when the past begins, as what the launch put there: the end. */
    FIRST,
    /** They are the result of a computation, whose sources the text lists: the end. */
    COMPUTED,
    /** Where they come from can't be said; the text says why: the end. */
    UNKNOWN
  }
}
