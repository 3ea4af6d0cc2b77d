// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.OptionalInt;
import org.xenolith.history.api.Moment;

/**
 * What wrote some bytes last.
 *
 * @param moment    where the machine stands when they are written: behind the instruction
 * @param processor index of the CPU that wrote them, or executed while somebody else did; empty if none executed
 * @param code      where that CPU's instruction is, for people: address, symbol, level, domain and the instruction; empty if none executed
 * @param by        devices that wrote memory during that instruction, and guest exits that it had, for people; empty if the instruction wrote them by itself
 * @param before    what they held before
 * @param after     what they hold since
 */
record LastWrite(Moment moment, OptionalInt processor, String code, List<String> by, byte[] before, byte[] after) {}
