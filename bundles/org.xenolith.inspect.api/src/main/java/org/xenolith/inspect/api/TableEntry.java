// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/**
 * An entry of a translation table that was read.
 *
 * @param table   which one, in the architecture's words: {@code stage 1, level 2}, {@code PML4}
 * @param address physical, of the entry
 * @param value   the entry
 * @param bytes   its size: 4 or 8
 */
public record TableEntry(String table, long address, long value, int bytes) {}
