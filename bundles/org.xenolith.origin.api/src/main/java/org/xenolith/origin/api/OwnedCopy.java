// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

/**
 * Bytes that Java copies in the place of an instruction, or beside it.
 *
 * @param to    physical address of the first byte that is written
 * @param from  of the first one that is read
 * @param bytes how many
 * @param text  by what, for people: {@code grant copy of d1, from grant 8 of d2}
 */
public record OwnedCopy(long to, long from, int bytes, String text) {}
