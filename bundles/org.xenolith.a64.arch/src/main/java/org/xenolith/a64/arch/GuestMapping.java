// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/**
 * What a stage of translation makes of an address.
 *
 * @param address that it is translated to
 * @param size    bytes that the descriptor maps, as a power of two; 12 where there is none
 * @param read    whether the level that was asked for may read
 * @param write   whether it may write
 * @param execute whether it may execute
 */
public record GuestMapping(long address, int size, boolean read, boolean write, boolean execute) {}
