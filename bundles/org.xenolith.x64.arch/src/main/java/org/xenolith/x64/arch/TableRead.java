// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * An entry of a paging structure that a walk has read.
 *
 * @param nested  whether of nested page tables
 * @param table   its structure (Intel SDM volume 3, table 5-2): {@code PML4}, {@code PDPT}, {@code PD}, {@code PT}
 * @param address in machine memory, of the entry
 * @param value   the entry
 * @param bytes   its size, 4 or 8
 */
public record TableRead(boolean nested, String table, long address, long value, int bytes) {}
