// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.List;
import java.util.OptionalInt;
import org.xenolith.history.api.Moment;

/**
 * What wrote something last.
 *
 * @param what      was written, for people
 * @param moment    where the machine stands when it is written: behind the instruction
 * @param processor index of the CPU that wrote it, or executed while somebody else did; empty if none executed
 * @param code      where that CPU's instruction is, for people: address, symbol, level, domain and the instruction; empty if none executed
 * @param by        devices that wrote memory during that instruction, guest exits that it had and what models did in them, for people; empty if the instruction wrote by itself
 * @param before    what it held before: in hexadecimal, but of what has another form; empty if that isn't known
 * @param after     what it holds since
 */
public record LastWrite(String what, Moment moment, OptionalInt processor, String code, List<String> by, String before, String after) {
  /** Copies the list. */
  public LastWrite {
    by = List.copyOf(by);
  }
}
