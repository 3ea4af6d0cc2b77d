// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/**
 * A descriptor that a walk has read.
 *
 * @param stage   1 or 2
 * @param level   of the table, -1 to 3
 * @param address physical, of the descriptor
 * @param value   the descriptor
 */
public record TableRead(int stage, int level, long address, long value) {}
