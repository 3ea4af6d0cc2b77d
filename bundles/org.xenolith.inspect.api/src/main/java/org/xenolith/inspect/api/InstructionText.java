// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/**
 * An instruction for people.
 *
 * @param address where it is
 * @param length  its bytes
 * @param text    as the usual assemblers have it; {@code undefined} or the like for what is none
 */
public record InstructionText(long address, int length, String text) {}
